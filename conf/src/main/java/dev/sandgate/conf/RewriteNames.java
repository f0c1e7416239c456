package dev.sandgate.conf;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Which fields a route may not change, and why: those that frame a message, lead it, are ours, or tell its session. */
final class RewriteNames {

    private static final String FRAMES = "another field; this one says where a message ends";
    private static final String HOP = "another field; this one is between two neighbours only (RFC 9110, 7.6.1)";
    private static final String OURS = "another field; Sandgate makes this one itself";
    private static final String SESSION = "another field; this one tells the route's session";
    private static final String UNDERSCORE =
            "a name without \"_\", which some servers read as \"-\"; Sandgate forwards no such field";
    private static final String UPGRADE = "another field; this one belongs to a WebSocket's handshake";
    private static final String CORS = "another field; the route's \"cors\" makes this one";

    private static final Map<String, String> NEVER = new TreeMap<>(Map.ofEntries(
            Map.entry("content-length", FRAMES),
            Map.entry("transfer-encoding", FRAMES),
            Map.entry("trailer", FRAMES),
            Map.entry("connection", HOP),
            Map.entry("keep-alive", HOP),
            Map.entry("proxy-connection", HOP),
            Map.entry("proxy-authenticate", HOP),
            Map.entry("proxy-authorization", HOP),
            Map.entry("proxy-authentication-info", HOP),
            Map.entry("te", HOP),
            Map.entry("upgrade", HOP),
            Map.entry("http2-settings", HOP),
            Map.entry("expect", HOP),
            Map.entry("max-forwards", HOP),
            Map.entry("host", "another field; the pool's \"host\" says what instances see as Host"),
            Map.entry("via", OURS),
            Map.entry("forwarded", OURS),
            Map.entry("x-real-ip", OURS),
            Map.entry("x-request-id", OURS)));

    private final Set<String> sessionFields;
    private final boolean cors;

    private RewriteNames(Set<String> sessionFields, boolean cors) {
        this.sessionFields = sessionFields;
        this.cors = cors;
    }

    /**
     * Those of a route.
     *
     * @param cors whether it answers for pages of other origins
     */
    static RewriteNames of(List<AffinityConfig> affinity, boolean cors) {
        Set<String> fields = new HashSet<>();
        for (AffinityConfig source : affinity) {
            if (source instanceof AffinityConfig.Header header) {
                fields.add(header.name().toLowerCase(Locale.ROOT));
            } else if (source instanceof AffinityConfig.Cookie) {
                fields.add("cookie");
                fields.add("set-cookie");
            }
        }
        return new RewriteNames(fields, cors);
    }

    /**
     * What is expected in the place of this name; empty: it will do.
     *
     * @param name lower case
     */
    Optional<String> refusal(String name, boolean ofRequest) {
        String never = NEVER.get(name);
        if (never != null) {
            return Optional.of(never);
        } else if (name.startsWith("x-forwarded-") && isForwarding(name)) {
            return Optional.of(OURS);
        } else if (name.startsWith("x-sandgate-")) {
            return Optional.of(OURS);
        } else if (name.startsWith("sec-websocket-")) {
            return Optional.of(UPGRADE);
        } else if (name.equals("mcp-session-id") || sessionFields.contains(name)) {
            return Optional.of(SESSION);
        } else if (!ofRequest && cors && name.startsWith("access-control-")) {
            return Optional.of(CORS);
        }
        return name.contains("_") && ofRequest ? Optional.of(UNDERSCORE) : Optional.empty();
    }

    // X-Forwarded-User and its kin come from a proxy that is believed, and an instance may want them by another name.
    private static boolean isForwarding(String name) {
        return Set.of("for", "host", "proto", "port", "prefix").contains(name.substring("x-forwarded-".length()));
    }
}
