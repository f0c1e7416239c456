package dev.sandgate.proxy.acme;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How fast things go.
 *
 * @param look how often a node looks what is due and what others got
 * @param listen how often it looks for other nodes' challenges
 * @param spread how long a challenge stands on the shelf before the authority may ask for it; zero where a node is alone
 * @param lease how long a record must stand still before another node takes its order over
 * @param first the wait after a first failure; it doubles with each that follows
 * @param longest no wait is longer, but where the authority asks for more
 */
record Pace(Duration look, Duration listen, Duration spread, Duration lease, Duration first, Duration longest) {

    private static final Duration LONGEST_ASKED = Duration.ofDays(8);

    /** @param alone whether no other node shares the shelves */
    static Pace usual(boolean alone) {
        Duration listen = Duration.ofSeconds(1);
        return new Pace(
                Duration.ofSeconds(5),
                listen,
                alone ? Duration.ZERO : listen.multipliedBy(3),
                Duration.ofSeconds(90),
                Duration.ofMinutes(1),
                Duration.ofDays(1));
    }

    /**
     * The wait after so many failures in a row: doubled each time, with up to a tenth on top.
     *
     * @param failures at least 1
     */
    Duration afterFailures(int failures, RandomGenerator random) {
        long wait = first.toMillis();
        for (int more = 1; more < failures && wait < longest.toMillis(); more++) {
            wait *= 2;
        }
        wait = Math.min(wait, longest.toMillis());
        return Duration.ofMillis(wait + random.nextLong(wait / 10 + 1));
    }

    /** The same, but no shorter than the authority asks for, up to some days. */
    static Duration atLeast(Duration wait, Duration asked) {
        Duration most = asked.compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : asked;
        return most.compareTo(wait) > 0 ? most : wait;
    }
}
