package dev.sandgate.proxy.pool;

/**
 * Where a node's own processes are.
 *
 * @param prefix what their ids begin with: the node's name and a slash, so that no two nodes' are alike; empty where
 *     there is one node
 * @param host at which every node reaches them, an IP literal
 */
public record Home(String prefix, String host) {

    /** Of a node that shares its table with nobody. */
    public static final Home ALONE = new Home("", "127.0.0.1");
}
