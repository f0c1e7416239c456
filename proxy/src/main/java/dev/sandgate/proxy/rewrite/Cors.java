package dev.sandgate.proxy.rewrite;

import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.conf.CorsConfig;
import dev.sandgate.conf.RouteConfig;
import dev.sandgate.proxy.inbound.Syntax;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which pages of other origins may call a route, and what they may see of its answers (Fetch standard, CORS protocol).
 * Any thread.
 */
public final class Cors {

    private static final String ANY = "*";
    private static final String ALLOW_ORIGIN = "Access-Control-Allow-Origin";
    private static final String ALLOW_CREDENTIALS = "Access-Control-Allow-Credentials";
    private static final String EXPOSE = "Access-Control-Expose-Headers";
    private static final String ALLOW_METHODS = "Access-Control-Allow-Methods";
    private static final String ALLOW_HEADERS = "Access-Control-Allow-Headers";
    private static final String MAX_AGE = "Access-Control-Max-Age";
    private static final List<String> OF_INSTANCES = List.of(
            ALLOW_ORIGIN,
            ALLOW_CREDENTIALS,
            EXPOSE,
            ALLOW_METHODS,
            ALLOW_HEADERS,
            MAX_AGE,
            "Access-Control-Allow-Private-Network");
    /** What MCP, limits and refusals tell a client in fields. */
    private static final List<String> EXPOSED = List.of(
            "Mcp-Session-Id",
            "MCP-Protocol-Version",
            "WWW-Authenticate",
            "Retry-After",
            "RateLimit",
            "RateLimit-Policy",
            "X-Request-Id");

    private static final int LONGEST_ORIGIN = 512;
    private static final int LONGEST_METHOD = 32;
    private static final int LONGEST_LIST = 4096;
    private static final int MOST_ASKED = 64;

    /** Origins that differ in their first labels: what stands before those, and what behind. */
    private record Wildcard(String scheme, String domain) {

        boolean takes(String origin) {
            int from = scheme.length();
            int to = origin.length() - domain.length();
            return to > from && origin.startsWith(scheme) && origin.endsWith(domain) && areLabels(origin, from, to);
        }

        private static boolean areLabels(String text, int from, int to) {
            char before = '.';
            for (int at = from; at < to; at++) {
                char c = text.charAt(at);
                boolean dot = c == '.' && before != '.';
                if (!dot && !Syntax.isAlphanumeric(c) && c != '-' && c != '_') {
                    return false;
                }
                before = c;
            }
            return before != '.';
        }
    }

    private final Set<String> origins = new HashSet<>();
    private final List<Wildcard> wildcards = new ArrayList<>();
    private final boolean any;
    private final boolean credentials;
    private final String methods;
    private final String headers;
    private final String exposed;
    private final String maxAge;

    private Cors(CorsConfig config, String exposed) {
        for (String origin : config.origins()) {
            int star = origin.indexOf("*.");
            if (star < 0) {
                origins.add(origin);
            } else {
                wildcards.add(new Wildcard(origin.substring(0, star), origin.substring(star + 1)));
            }
        }
        this.any = config.origins().contains(ANY);
        this.credentials = config.credentials();
        this.methods = String.join(", ", config.methods());
        this.headers = String.join(", ", config.headers());
        this.exposed = exposed;
        this.maxAge = Long.toString(config.maxAge().toSeconds());
    }

    /** That of a route which has one; null: that is between its clients and its instances. */
    public static @Nullable Cors of(RouteConfig route) {
        return route.cors()
                .map(config -> new Cors(config, exposed(config, route)))
                .orElse(null);
    }

    private static String exposed(CorsConfig config, RouteConfig route) {
        Map<String, String> names = new LinkedHashMap<>();
        EXPOSED.forEach(name -> names.put(name.toLowerCase(Locale.ROOT), name));
        for (AffinityConfig source : route.affinity()) {
            if (source instanceof AffinityConfig.Header header) {
                names.putIfAbsent(header.name().toLowerCase(Locale.ROOT), header.name());
            }
        }
        config.expose().forEach(name -> names.putIfAbsent(name.toLowerCase(Locale.ROOT), name));
        return String.join(", ", names.values());
    }

    /** Whether pages of this origin may call. */
    public boolean allows(String origin) {
        if (any) {
            return true;
        }
        if (origin.length() > LONGEST_ORIGIN) {
            return false;
        }
        if (origins.contains(origin)) {
            return true;
        }
        for (int at = 0; at < wildcards.size(); at++) {
            if (wildcards.get(at).takes(origin)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Tells in an answer, or a refusal, what its page may see of it. What the instance says of that goes.
     *
     * @param origin the request's; null: no page sent it
     */
    public void answer(@Nullable String origin, MultiMap fields) {
        for (int at = 0; at < OF_INSTANCES.size(); at++) {
            fields.remove(OF_INSTANCES.get(at));
        }
        if (allow(origin, fields)) {
            fields.set(EXPOSE, exposed);
        }
    }

    /**
     * Tells a browser beforehand what its page may send.
     *
     * @param request asks beforehand, with {@code Access-Control-Request-Method}
     */
    public void preflight(MultiMap request, MultiMap fields) {
        if (allow(request.get("Origin"), fields)) {
            setUnlessEmpty(fields, ALLOW_METHODS, methods.isEmpty() ? methodAsked(request) : methods);
            setUnlessEmpty(fields, ALLOW_HEADERS, headers.isEmpty() ? headersAsked(request) : headers);
            fields.set(MAX_AGE, maxAge);
        }
    }

    private boolean allow(@Nullable String origin, MultiMap fields) {
        if (!any) {
            vary(fields);
        }
        if (origin == null || !allows(origin)) {
            return false;
        }
        fields.set(ALLOW_ORIGIN, any ? ANY : origin);
        if (credentials) {
            fields.set(ALLOW_CREDENTIALS, "true");
        }
        return true;
    }

    // An answer that a cache keeps for one page is not for another, nor for none.
    private static void vary(MultiMap fields) {
        for (String value : fields.getAll("Vary")) {
            for (String name : value.split(",", -1)) {
                if (name.strip().equalsIgnoreCase("Origin") || name.strip().equals(ANY)) {
                    return;
                }
            }
        }
        fields.add("Vary", "Origin");
    }

    private static void setUnlessEmpty(MultiMap fields, String name, String value) {
        if (!value.isEmpty()) {
            fields.set(name, value);
        }
    }

    private static String methodAsked(MultiMap request) {
        String method = request.get("Access-Control-Request-Method");
        return method.length() <= LONGEST_METHOD && Syntax.isToken(method) ? method : "";
    }

    private static String headersAsked(MultiMap request) {
        String asked = request.get("Access-Control-Request-Headers");
        if (asked == null || asked.length() > LONGEST_LIST) {
            return "";
        }
        String[] names = asked.split(",", -1);
        for (String name : names) {
            if (names.length > MOST_ASKED || !Syntax.isToken(name.strip())) {
                return "";
            }
        }
        return asked;
    }
}
