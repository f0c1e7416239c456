package dev.sandgate.conf;

import java.time.Duration;

/**
 * Where first requests wait when every instance of a pool is full.
 *
 * @param max how many wait at once, 0 to 1,000,000; 0: none waits
 * @param maxWait how long one waits before it is refused; at least 1 ms
 */
public record QueueConfig(int max, Duration maxWait) {

    public static final QueueConfig DEFAULT = new QueueConfig(1000, Duration.ofSeconds(5));
}
