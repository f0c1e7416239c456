package dev.sandgate.affinity.redis;

import java.net.URI;

/**
 * The address of one Redis server or sentinel.
 *
 * @param host a name or an IP address; IPv6 without brackets
 */
record Server(String host, int port) {

    static Server of(URI url) {
        String host = url.getHost();
        return new Server(host.startsWith("[") ? host.substring(1, host.length() - 1) : host, url.getPort());
    }

    /** The same port of this host, where its own is not told. */
    Server or(String usual) {
        return host.isEmpty() ? new Server(usual, port) : this;
    }

    /** As it stands behind a scheme, and in logs. */
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
