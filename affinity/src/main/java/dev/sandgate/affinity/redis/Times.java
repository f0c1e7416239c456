package dev.sandgate.affinity.redis;

import dev.sandgate.conf.TableConfig;
import java.time.Duration;

/**
 * The times of the protocol (docs/redis.md), in milliseconds.
 *
 * @param reservation how long a reservation lasts
 * @param stream how long a session lasts whose life is one connection
 * @param hold how long nobody is admitted after Redis may have lost what was written last
 * @param gap how long nobody may be heard before time stands still for a hold
 * @param away how long a node serves by itself at most when it hears nothing of Redis
 * @param fresh how old the last news may be where a node serves without asking
 * @param timeout after which a node gives an answer up
 */
record Times(long reservation, long stream, long hold, long gap, long away, long fresh, long timeout) {

    /** Where one node asks at moments of a test's choice: nothing is held and nothing grows old. */
    static final Times STILL =
            new Times(15_000, 60_000, 0, 0, Duration.ofDays(36_500).toMillis(), 0, 10_000);

    static Times of(TableConfig.Redis config) {
        return new Times(
                config.leases().reservation().toMillis(),
                config.leases().stream().toMillis(),
                config.hold().toMillis(),
                3_000,
                config.awayMax().toMillis(),
                3_000,
                config.timeout().toMillis());
    }
}
