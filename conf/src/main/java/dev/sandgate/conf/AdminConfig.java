package dev.sandgate.conf;

/**
 * The operator's own listener, never a client's.
 *
 * @param host an IP address or a name; {@code 127.0.0.1} unless said otherwise
 * @param port 0 to 65535; 0 takes a free one
 */
public record AdminConfig(String host, int port) {}
