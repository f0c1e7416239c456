package dev.sandgate.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sandgate.bench.scenario.Arrival;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class ArrivalsTest {

    private static final long SEED = 7;
    private static final double SECOND = 1e9;

    @Test
    void spacesAConstantRateEvenly() {
        List<Long> all = all(new Arrival.Constant(50), 2, 8);
        assertThat(all).hasSize(500).isSorted();
        assertThat(all.get(0) / SECOND).isCloseTo(0.02, within(1e-6));
        assertThat(all.get(249) / SECOND).isCloseTo(5, within(1e-6));
    }

    @Test
    void drawsPoissonsGapsFromItsSeed() {
        List<Long> all = all(new Arrival.Poisson(100), 0, 100);
        assertThat(all).isEqualTo(all(new Arrival.Poisson(100), 0, 100)).isSorted();
        assertThat(all).hasSizeBetween(9_600, 10_400);
        double longGaps = 0;
        for (int n = 1; n < all.size(); n++) {
            longGaps += all.get(n) - all.get(n - 1) > 0.01 * SECOND ? 1 : 0;
        }
        assertThat(longGaps / all.size()).as("gaps above the mean").isCloseTo(Math.exp(-1), within(0.02));
    }

    @Test
    void growsARampOverWhatIsMeasured() {
        List<Long> all = all(new Arrival.Ramp(0, 100), 5, 10);
        assertThat(all).hasSize(500).isSorted();
        assertThat(all.get(0))
                .as("nobody comes in the warm-up of a ramp from 0")
                .isGreaterThan((long) (5 * SECOND));
        assertThat(all.stream().filter(at -> at > 14 * SECOND)).hasSizeBetween(94, 96);
    }

    @Test
    void raisesASpikeForItsTime() {
        Arrival.Spike spike = new Arrival.Spike(10, 100, Duration.ofSeconds(4), Duration.ofSeconds(2));
        List<Long> all = all(spike, 1, 9);
        assertThat(all).hasSize(280);
        assertThat(all.stream().filter(at -> at > 5 * SECOND && at <= 7 * SECOND))
                .hasSizeBetween(199, 201);
    }

    private static List<Long> all(Arrival arrival, int warmUp, int seconds) {
        Arrivals arrivals = new Arrivals(arrival, Duration.ofSeconds(warmUp), Duration.ofSeconds(seconds), SEED);
        List<Long> all = new ArrayList<>();
        for (OptionalLong next = arrivals.next(); next.isPresent(); next = arrivals.next()) {
            all.add(next.getAsLong());
        }
        return all;
    }
}
