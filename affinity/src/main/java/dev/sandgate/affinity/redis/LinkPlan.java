package dev.sandgate.affinity.redis;

import dev.sandgate.conf.TableConfig;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How a link speaks to Redis, and how patient it is.
 *
 * @param config whom to be there, and how long a connection with its greeting may take
 * @param commandTimeout from a command's sending to its answer, waiting for a connection included
 * @param firstPause before the second try to connect; doubled with each try
 * @param longestPause between two tries
 */
record LinkPlan(TableConfig.Redis config, Duration commandTimeout, Duration firstPause, Duration longestPause) {

    /** With the usual pauses, from 50 ms to 1 s. */
    static LinkPlan of(TableConfig.Redis config) {
        return new LinkPlan(config, config.timeout(), Duration.ofMillis(50), Duration.ofSeconds(1));
    }

    LinkPlan withTimeout(Duration timeout) {
        return new LinkPlan(config, timeout, firstPause, longestPause);
    }

    /** Not at the same moment as every other link and node. */
    long pauseMillis(int failures) {
        Duration doubled = firstPause.multipliedBy(1L << Math.min(failures - 1, 20));
        long most = Math.min(doubled.toMillis(), longestPause.toMillis());
        return 1 + most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1);
    }
}
