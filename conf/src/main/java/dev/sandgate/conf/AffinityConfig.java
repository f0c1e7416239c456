package dev.sandgate.conf;

import java.util.List;

/** Where a route finds a request's session id. */
public sealed interface AffinityConfig {

    /**
     * A request header.
     *
     * @param name as written in the file; compared without case
     * @param generate whether we make the id where the client sends none, and return it in the same header; then an
     *     id that nobody knows is refused instead of opened
     */
    record Header(String name, boolean generate) implements AffinityConfig {}

    /**
     * A cookie: ours, sealed, or the application's own, learned from its {@code Set-Cookie}.
     *
     * @param name as written in the file; compared with case. Ours is called {@code __Host-} and this where the
     *     client's side is https
     * @param learn whether it is the application's own
     * @param keys that seal ours: the first seals, all open; empty: a random one per start. Not with {@code learn}
     */
    record Cookie(String name, boolean learn, List<CookieKey> keys) implements AffinityConfig {}

    /**
     * A key that seals our cookies.
     *
     * @param id 1 to 16 characters of {@code [A-Za-z0-9._-]}, told in the clear
     * @param secret at least 32 characters; never shown
     */
    record CookieKey(String id, String secret) {

        /** Without the secret. */
        @Override
        public String toString() {
            return "CookieKey[" + id + "]";
        }
    }

    /** A query value: {@code ?name=id}; the client makes the id. */
    record Query(String name) implements AffinityConfig {}

    /**
     * A path segment; the client makes the id.
     *
     * @param before segments in front of the id, with a slash at either end: {@code /s/} of {@code /s/{session}/}
     */
    record Path(String before) implements AffinityConfig {}

    /**
     * A label of the host; the client makes the id.
     *
     * @param port whether the label is {@code {port}-{session}} instead of {@code {session}}: then the pool names
     *     the ports it may reach
     * @param domain what follows the label, with its dot: {@code .apps.example.com}, lower case
     */
    record Host(boolean port, String domain) implements AffinityConfig {}

    /**
     * The caller: one session for each principal, as the route's {@code authenticate} tells, else as a trusted proxy
     * does.
     *
     * @param header in which that proxy names the caller; empty: the route authenticates
     */
    record Principal(String header) implements AffinityConfig {

        public static final String DEFAULT_HEADER = "X-Forwarded-User";
    }

    /**
     * Every generation of the Model Context Protocol on one route.
     *
     * @param ssePaths paths whose GET opens an HTTP+SSE session (2024-11-05); empty: any GET that is answered with an
     *     event stream
     * @param idParameters names of the query value in the messages URL, compared without case; never empty
     * @param origins values of {@code Origin} that are taken beside the request's own host; {@code *} is not known
     */
    record Mcp(List<String> ssePaths, List<String> idParameters, List<String> origins) implements AffinityConfig {

        public static final List<String> DEFAULT_ID_PARAMETERS = List.of("sessionId", "session_id", "sessionid");
    }

    /** The ports of a bound instance that {@code {port}} in a host may reach; inclusive, 1 to 65535. */
    record PortRange(int first, int last) {

        public boolean contains(int port) {
            return first <= port && port <= last;
        }
    }
}
