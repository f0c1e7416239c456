package dev.sandgate.conf;

/** What a client gets whom the pool cannot give an instance: it is full, broken or away. */
public sealed interface FallbackConfig {

    /**
     * An instance of another pool, for a new session or a request without one; the session stays there.
     *
     * @param name of a pool that has no such fallback itself
     */
    record Pool(String name) implements FallbackConfig {}

    /**
     * Always the same answer. Routes with MCP give the usual refusal instead.
     *
     * @param status 200 to 599
     * @param contentType of the body
     * @param body as UTF-8, at most 4,096 characters
     */
    record Answer(int status, String contentType, String body) implements FallbackConfig {}
}
