package dev.sandgate.policies.limit;

import static dev.sandgate.policies.limit.Limits.by;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.kit.Seeds;
import dev.sandgate.conf.PolicyConfig.Part;
import dev.sandgate.conf.PolicyConfig.RateLimit;
import dev.sandgate.policies.Verdict;
import dev.sandgate.policies.Verdict.Later;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Three nodes that share a limit of 1,000 a second through one real Redis, second by second of a time of our own. */
final class FleetLimiterTest {

    private static final int PERMITS = 1_000;
    private static final long SECOND = 1_000_000_000;
    private static final RateLimit LIMIT = Limits.of(by(Part.POOL), PERMITS, Duration.ofSeconds(1), 100);

    @Test
    void passesAThousandASecondWhileTwiceAsManyCome() {
        Seeds.from(1, 1, random -> {
            try (VirtualFleet fleet = new VirtualFleet(random)) {
                Crowd crowd = new Crowd(fleet, random);
                for (int second = 0; second < 60; second++) {
                    if (second % 5 == 0) {
                        crowd.spread(random.nextDouble(), random.nextDouble(), random.nextDouble());
                    }
                    int passed = crowd.come(2 * PERMITS);
                    if (second > 0) {
                        assertThat(passed)
                                .as("in second %d", second)
                                .isBetween(PERMITS * 98 / 100, PERMITS * 102 / 100);
                    }
                }
                // the first second had a burst in store
                assertThat(crowd.mostInASecond).isBetween(PERMITS, PERMITS * 110 / 100);
                // what is refused is refused here
                assertThat(fleet.asked()).isLessThan(60 * PERMITS / 2);
            }
        });
    }

    @Test
    void refusesNobodyAndSeldomAsksWhileFewerComeThanMay() {
        Seeds.from(1, 1, random -> {
            try (VirtualFleet fleet = new VirtualFleet(random)) {
                Crowd crowd = new Crowd(fleet, random);
                crowd.spread(6, 3, 1);
                int come = 0;
                for (int second = 0; second < 10; second++) {
                    come += PERMITS * 8 / 10;
                    crowd.come(PERMITS * 8 / 10);
                }
                fleet.goOn(fleet.elapsed() + SECOND);
                assertThat(crowd.refused).isZero();
                assertThat(crowd.passed).isEqualTo(come);
                assertThat(crowd.waited).isLessThan(come / 20);
                assertThat(fleet.asked()).isLessThan(come / 3);
            }
        });
    }

    @Test
    void givesTheWholeLimitToANodeThatIsLeftAlone() {
        Seeds.from(1, 1, random -> {
            try (VirtualFleet fleet = new VirtualFleet(random)) {
                Crowd crowd = new Crowd(fleet, random);
                crowd.come(2 * PERMITS);
                crowd.spread(0, 1, 0);
                crowd.come(2 * PERMITS);
                for (int second = 0; second < 5; second++) {
                    assertThat(crowd.come(2 * PERMITS)).isBetween(PERMITS * 98 / 100, PERMITS * 102 / 100);
                }
            }
        });
    }

    /** Many who come at random moments, to one node or another. */
    private static final class Crowd {

        private final VirtualFleet fleet;
        private final Random random;
        private final List<FleetLimiter> nodes;
        private final double[] weights = {1, 1, 1};
        private final Deque<Long> lately = new ArrayDeque<>();
        private int passed;
        private int waited;
        private int refused;
        private int mostInASecond;

        Crowd(VirtualFleet fleet, Random random) {
            this.fleet = fleet;
            this.random = random;
            this.nodes = Stream.generate(() -> fleet.node(LIMIT)).limit(3).toList();
        }

        void spread(double... over) {
            System.arraycopy(over, 0, weights, 0, over.length);
        }

        /** So many in a second; how many of all who wait or come passed in it. */
        int come(int many) {
            long from = fleet.elapsed();
            int before = passed;
            random.longs(many, from, from + SECOND).sorted().forEach(at -> {
                fleet.goOn(at);
                comes(nodes.get(node()));
            });
            fleet.goOn(from + SECOND);
            return passed - before;
        }

        private int node() {
            double at = random.nextDouble() * (weights[0] + weights[1] + weights[2]);
            return at < weights[0] ? 0 : at < weights[0] + weights[1] ? 1 : 2;
        }

        private void comes(FleetLimiter node) {
            Verdict verdict = node.take("pool");
            if (verdict instanceof Later later) {
                waited++;
                later.verdict().onSuccess(this::count);
            } else {
                count(verdict);
            }
        }

        private void count(Verdict verdict) {
            if (verdict != Verdict.PASS) {
                refused++;
                return;
            }
            passed++;
            long now = fleet.elapsed();
            lately.add(now);
            while (now - lately.getFirst() >= SECOND) {
                lately.remove();
            }
            mostInASecond = Math.max(mostInASecond, lately.size());
        }
    }
}
