package dev.sandgate.proxy.admin;

import dev.sandgate.conf.AdminConfig;
import dev.sandgate.proxy.admin.Refused.Why;
import dev.sandgate.proxy.mcp.McpCallers;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who may come in. A page in the operator's browser may not: its {@code Origin} is another, and where it is here by a
 * name of its own that leads to this machine (DNS rebinding), its {@code Host} is.
 */
final class Guard {

    private static final Pattern PORT = Pattern.compile(":[0-9]{1,5}$");
    private static final Pattern BEARER = Pattern.compile("bearer +", Pattern.CASE_INSENSITIVE);

    private final boolean loopback;
    private final Optional<byte[]> token;

    Guard(AdminConfig config) {
        this.loopback = config.loopback();
        this.token = config.token().map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    /** @throws Refused where it may not */
    void check(HttpServerRequest request) {
        String host = host(request);
        origin(request, host);
        token.ifPresent(expected -> bearer(request, expected));
    }

    private String host(HttpServerRequest request) {
        List<String> hosts = request.headers().getAll("host");
        if (hosts.size() != 1) {
            throw Refused.because(Why.HOST_INVALID);
        }
        String host = hosts.get(0).toLowerCase(Locale.ROOT);
        // elsewhere there is a token, which no page has
        if (loopback && !McpCallers.isLoopback(PORT.matcher(host).replaceFirst(""))) {
            throw Refused.because(Why.FORBIDDEN, "This listener takes only names of this machine as Host");
        }
        return host;
    }

    private static void origin(HttpServerRequest request, String host) {
        for (String origin : request.headers().getAll("origin")) {
            String lower = origin.toLowerCase(Locale.ROOT);
            if (!lower.equals("http://" + host) && !lower.equals("https://" + host)) {
                throw Refused.because(Why.FORBIDDEN, "This Origin is not taken here");
            }
        }
    }

    private static void bearer(HttpServerRequest request, byte[] expected) {
        List<String> given = request.headers().getAll("authorization");
        var scheme = BEARER.matcher(given.size() == 1 ? given.get(0) : "");
        boolean same = scheme.lookingAt()
                && MessageDigest.isEqual(
                        expected, given.get(0).substring(scheme.end()).getBytes(StandardCharsets.UTF_8));
        if (!same) {
            throw Refused.because(Why.UNAUTHENTICATED);
        }
    }
}
