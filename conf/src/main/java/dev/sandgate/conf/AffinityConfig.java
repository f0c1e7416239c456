package dev.sandgate.conf;

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
}
