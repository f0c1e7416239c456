package dev.sandgate.proxy.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long nobody tries again. */
final class PaceTest {

    private static final Pace PACE = Pace.usual(false);

    @ParameterizedTest
    @CsvSource({"1, PT1M", "2, PT2M", "3, PT4M", "11, PT17H4M", "12, P1D", "13, P1D", "1000000, P1D"})
    void doublesWithEachFailureUpToADayAndAddsATenthAtMost(int failures, Duration wait) {
        for (int seed = 0; seed < 100; seed++) {
            assertThat(PACE.afterFailures(failures, new Random(seed))).isBetween(wait, wait.plus(wait.dividedBy(10)));
        }
    }

    @Test
    void scattersWhatFailedAtOnce() {
        Random random = new Random(1);
        assertThat(PACE.afterFailures(5, random)).isNotEqualTo(PACE.afterFailures(5, random));
    }

    @ParameterizedTest
    @CsvSource({"PT1M, PT5S, PT1M", "PT1M, PT3H, PT3H", "PT1M, P400D, P8D", "PT1M, PT-5S, PT1M"})
    void waitsAsLongAsTheAuthorityAsksForButNotForever(Duration wait, Duration asked, Duration longer) {
        assertThat(Pace.atLeast(wait, asked)).isEqualTo(longer);
    }

    @Test
    void letsEveryNodeSeeAChallengeBeforeTheAuthorityAsks() {
        assertThat(PACE.spread()).isGreaterThan(PACE.listen().multipliedBy(2));
        assertThat(Pace.usual(true).spread()).isZero();
    }
}
