package dev.sandgate.conf;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * What one listener's clients may take of it.
 *
 * @param connections open at once, 1 to 1,000,000
 * @param connectionsPerAddress open at once from one peer address, 1 to 1,000,000
 * @param headBytes a request's line and fields together, 1 KiB to 1 MiB
 * @param http2Streams at once on one HTTP/2 connection, 1 to 10,000
 * @param bodyBytes of one request, 1 B to 1 TiB; empty: any
 * @param headTimeout from accept to the first whole head, TLS handshake included; at least 100 ms
 * @param keepAlive from an answer's end to the next whole head; at least 100 ms
 */
public record LimitsConfig(
        int connections,
        int connectionsPerAddress,
        int headBytes,
        int http2Streams,
        OptionalLong bodyBytes,
        Duration headTimeout,
        Duration keepAlive) {

    public static final LimitsConfig DEFAULT = new LimitsConfig(
            10_000, 256, 32 * 1024, 100, OptionalLong.empty(), Duration.ofSeconds(10), Duration.ofSeconds(60));
}
