package dev.sandgate.affinity.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.sandgate.affinity.kit.RedisProcess;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Three nodes with their memories over one Redis, in a world in which everything goes wrong. {@code -Dfleet.seeds=N} runs
 * so many seeds, {@code -Dseed=N} begins with that one, alone unless it is told how many; {@code -Dfleet.trace=true}
 * prints all that happens.
 */
@Timeout(value = 2, unit = TimeUnit.HOURS)
final class WorldTest {

    private static final int SEEDS = 60;
    private static final int SEEDS_OF_A_MUTANT = 200;

    private static RedisProcess redis;
    private static WorldWire wire;

    @BeforeAll
    static void start() {
        redis = RedisProcess.start();
        wire = new WorldWire(redis.url());
    }

    @AfterAll
    static void stop() {
        wire.close();
        redis.close();
    }

    @Test
    void keepsItsPromisesWhateverHappens() {
        assertThat(Scripts.REPORT.text()).contains(WorldRedis.COOLING);
        String given = System.getProperty("seed", "").trim();
        long first = given.isEmpty() ? 1 : Long.parseLong(given);
        int seeds = Integer.getInteger("fleet.seeds", given.isEmpty() ? SEEDS : 1);
        WorldTally all = new WorldTally();
        for (long seed = first; seed < first + seeds; seed++) {
            all.add(run(seed, WorldMutant.NONE));
        }
        System.out.println("seeds " + first + " to " + (first + seeds - 1) + ": " + all);
        assertThat(all.well).as("%s", all).isGreaterThanOrEqualTo(all.inCalm * 99 / 100);
        assertThat(2 * all.overlapping).as("%s", all).isGreaterThanOrEqualTo(all.requests);
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void seesARuleThatIsNotKept(WorldMutant mutant) {
        assertThat(mutant.fits(List.of(Scripts.OPEN, Scripts.TOUCH))).isTrue();
        for (long seed = 1; seed <= SEEDS_OF_A_MUTANT; seed++) {
            String seen = violation(seed, mutant);
            if (!seen.isEmpty()) {
                System.out.println(mutant + ": " + seen);
                assertThat(violation(seed, WorldMutant.NONE)).isEmpty();
                return;
            }
        }
        fail("%s was not seen in %d seeds", mutant, SEEDS_OF_A_MUTANT);
    }

    private static String violation(long seed, WorldMutant mutant) {
        try {
            run(seed, mutant);
            return "";
        } catch (AssertionError seen) {
            return String.valueOf(seen.getMessage()).lines().findFirst().orElse("violated");
        }
    }

    private static WorldTally run(long seed, WorldMutant mutant) {
        try {
            return new WorldRun(new Random(seed), wire, mutant).run();
        } catch (RuntimeException | AssertionError failure) {
            throw new AssertionError(
                    "seed " + seed + " (replay with -Dseed=" + seed + "): " + failure.getMessage(), failure);
        }
    }
}
