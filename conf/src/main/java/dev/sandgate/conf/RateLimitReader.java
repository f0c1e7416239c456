package dev.sandgate.conf;

import dev.sandgate.conf.PolicyConfig.Away;
import dev.sandgate.conf.PolicyConfig.RateLimit;
import dev.sandgate.conf.PolicyConfig.Scope;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Reads the policy {@code rateLimit}. */
final class RateLimitReader {

    static final String EXPECTED = "an object with key, permits and per";

    private static final int MOST_PERMITS = 1_000_000;
    private static final int USUAL_KEYS = 100_000;
    private static final int LEAST_USUAL_BURST = 10;
    private static final Shape<Integer> PERMITS = Scalars.whole(1, MOST_PERMITS);
    private static final Shape<Duration> PER = Durations.between(Duration.ofMillis(100), Duration.ofDays(1));
    private static final Shape<Scope> SCOPE = Scalars.oneOf(Map.of("node", Scope.NODE, "fleet", Scope.FLEET));
    private static final Shape<Away> AWAY =
            Scalars.oneOf(Map.of("open", Away.OPEN, "closed", Away.CLOSED, "local", Away.LOCAL));
    private static final Shape<Integer> KEYS = Scalars.whole(1_000, 10_000_000);

    private final FileFacts file;

    RateLimitReader(FileFacts file) {
        this.file = file;
    }

    Optional<PolicyConfig> rateLimit(String name, Section section) {
        Optional<PolicyConfig.Key> key = PolicyKeys.need(section);
        Optional<Integer> permits = section.need("permits", PERMITS);
        Optional<Duration> per = section.need("per", PER);
        int most = permits.orElse(MOST_PERMITS);
        int burst = section.find("burst", burst(most)).orElse(usualBurst(most));
        Scope scope = section.find("scope", SCOPE).orElse(Scope.NODE);
        Away away = section.find("away", AWAY).orElse(Away.LOCAL);
        int keys = section.find("keys", KEYS).orElse(USUAL_KEYS);
        section.end();
        refuseWhatDoesNotFit(section, scope);
        return key.flatMap(counted -> permits.flatMap(
                number -> per.map(time -> new RateLimit(name, counted, number, time, burst, scope, away, keys))));
    }

    private static int usualBurst(int permits) {
        return Math.min(permits, Math.max(LEAST_USUAL_BURST, permits / 10));
    }

    private static Shape<Integer> burst(int permits) {
        return Shape.of(PERMITS.expected(), value -> PERMITS.read(value)
                .flatMap(burst -> burst > permits
                        ? value.refuse("at most " + permits + ", as many as there are permits")
                        : Optional.of(burst)));
    }

    private void refuseWhatDoesNotFit(Section section, Scope scope) {
        if (scope == Scope.FLEET && file.alone()) {
            section.take("scope")
                    .ifPresent(value -> value.refuse("\"node\"; \"fleet\" needs \"table\": { \"type\": \"redis\" }"));
        }
        // Where the scope is unfit, nobody knows which it was to be.
        if (section.take("scope").isEmpty()) {
            section.take("away")
                    .ifPresent(value -> value.refuse("none without \"scope\": \"fleet\"; a node counts by itself"));
        }
    }
}
