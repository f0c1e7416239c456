package dev.sandgate.conf;

import java.util.Optional;

/**
 * The operator's own listener, never a client's.
 *
 * @param host an IP address or a name; {@code 127.0.0.1} unless said otherwise
 * @param port 0 to 65535; 0 takes a free one
 * @param token what an operator's requests bear, at least 32 characters, never shown; empty only where
 *     {@link #loopback}: nothing is asked for
 */
public record AdminConfig(String host, int port, Optional<String> token) {

    /** Whether only this machine reaches it. */
    public boolean loopback() {
        return Addresses.isLoopback(host);
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "AdminConfig[host=" + host + ", port=" + port + "]";
    }
}
