package dev.sandgate.conf;

import dev.sandgate.conf.BreakersConfig.Breaker;
import java.time.Duration;
import java.util.Optional;

/** Reads a pool's {@code breakers}. */
final class BreakersReader {

    private static final String EXPECTED = "an object with instance or pool";
    private static final String EXPECTED_BREAKER = "an object with a breaker's limits; {} takes the usual ones";

    static final Shape<BreakersConfig> BREAKERS =
            Shape.of(EXPECTED, value -> value.section(EXPECTED).map(BreakersReader::breakers));

    private static final Shape<Breaker> BREAKER =
            Shape.of(EXPECTED_BREAKER, value -> value.section(EXPECTED_BREAKER).map(BreakersReader::breaker));
    private static final Shape<Integer> PERCENT = Scalars.whole(1, 100);
    private static final Shape<Integer> WINDOW = Scalars.whole(2, 10_000);
    private static final Shape<Integer> LEAST = Scalars.whole(1, 10_000);
    private static final Shape<Integer> TRIALS = Scalars.whole(1, 1_000);
    private static final Shape<Duration> OPEN = Durations.atLeast(Duration.ofMillis(100));

    private BreakersReader() {}

    private static BreakersConfig breakers(Section section) {
        Optional<Breaker> instance = section.find("instance", BREAKER);
        Optional<Breaker> pool = section.find("pool", BREAKER);
        section.end();
        return new BreakersConfig(instance, pool);
    }

    private static Breaker breaker(Section section) {
        Breaker or = Breaker.DEFAULT;
        int failureRate = section.find("failureRate", PERCENT).orElse(or.failureRate());
        int slowRate = section.find("slowRate", PERCENT).orElse(or.slowRate());
        Duration slow = section.find("slow", Durations.any()).orElse(or.slow());
        Optional<Integer> saidWindow = section.find("window", WINDOW);
        int window = saidWindow.orElse(or.window());
        int least = section.find("least", LEAST).orElse(Math.min(or.least(), window));
        Duration open = section.find("open", OPEN).orElse(or.open());
        int trials = section.find("trials", TRIALS).orElse(or.trials());
        section.end();
        if (least > window) {
            section.take("least")
                    .ifPresent(value -> value.refuse("at most " + window + ", the requests of its window"));
        }
        if (section.take("slow").isEmpty()) {
            section.take("slowRate")
                    .ifPresent(value -> value.refuse("none without slow; so far no answer is too slow"));
        }
        return new Breaker(failureRate, slowRate, slow, window, least, open, trials);
    }
}
