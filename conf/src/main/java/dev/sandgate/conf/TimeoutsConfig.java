package dev.sandgate.conf;

import java.time.Duration;

/**
 * How long a pool's instances may take, each at least 1 ms. None limits a stream by wall clock.
 *
 * @param connect to a TCP (and TLS) connection
 * @param connectionWait for a free connection, where an instance has reached {@code connections}
 * @param firstByte from the request's last byte to the answer's head
 * @param idle without a byte in either direction once the answer began; event streams are exempt
 * @param keepAlive an unused connection is closed after this; keep it under the instance's own
 */
public record TimeoutsConfig(
        Duration connect, Duration connectionWait, Duration firstByte, Duration idle, Duration keepAlive) {

    public static final TimeoutsConfig DEFAULT = new TimeoutsConfig(
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            Duration.ofSeconds(60),
            Duration.ofMinutes(5),
            Duration.ofSeconds(4));
}
