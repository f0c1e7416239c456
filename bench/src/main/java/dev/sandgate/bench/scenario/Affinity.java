package dev.sandgate.bench.scenario;

/**
 * How a session names itself to the door.
 *
 * @param name the field, cookie or query value, or the host with {@code {session}} in it; empty for the others
 */
public record Affinity(Source source, String name) {

    /** The kinds of sessions that are spoken. */
    public enum Source {
        /** A request field with an id of the client's own. */
        HEADER,
        /** A cookie that the door sets. */
        COOKIE,
        /** A value in the query. */
        QUERY,
        /** A label of the host. */
        HOST,
        /** One WebSocket a session, upgraded with an id of the client's own in a field. */
        WEBSOCKET,
        /** MCP 2025-03-26 to 2025-11-25: the id is learned from {@code Mcp-Session-Id}. */
        MCP_STREAMABLE,
        /** MCP 2024-11-05: the id is learned from the {@code endpoint} event. */
        MCP_SSE,
        /** MCP 2026-07-28: no session of the protocol's; a handle in a field. */
        MCP_STATELESS,
        /** No session at all: each request by itself. */
        NONE
    }

    /** Whether its requests are HTTP and nothing above it. */
    public boolean plain() {
        return switch (source) {
            case WEBSOCKET, MCP_STREAMABLE, MCP_SSE, MCP_STATELESS -> false;
            default -> true;
        };
    }

    /** Whether the id is the door's or the instance's to give, and told by an answer. */
    public boolean learned() {
        return source == Source.COOKIE || source == Source.MCP_STREAMABLE || source == Source.MCP_SSE;
    }
}
