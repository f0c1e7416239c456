package dev.sandgate.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** When a client is too slow, by a clock of the test's own. */
final class PaceTest {

    private static final long RATE = 1000;
    private static final int TICKS_A_SECOND = 10;

    private final Pace pace = new Pace(RATE, 0, 0);
    private long now;
    private long bytes;

    /** In how many tenths of a second it is too slow; -1: never within ten minutes. */
    private int tooSlowAfter(boolean awaited, long bytesPerTick) {
        for (int tick = 1; tick <= 600 * TICKS_A_SECOND; tick++) {
            now += TimeUnit.SECONDS.toNanos(1) / TICKS_A_SECOND;
            bytes += bytesPerTick;
            if (pace.isTooSlow(now, awaited, bytes)) {
                return tick;
            }
        }
        return -1;
    }

    @Test
    void whoMovesNothingIsTooSlowAfterFiveSeconds() {
        assertThat(tooSlowAfter(true, 0)).isBetween(50, 51);
    }

    @Test
    void whoMovesHalfOfItIsTooSlowAfterTen() {
        assertThat(tooSlowAfter(true, RATE / TICKS_A_SECOND / 2)).isBetween(99, 102);
    }

    @Test
    void whoKeepsUpNeverIs() {
        assertThat(tooSlowAfter(true, RATE / TICKS_A_SECOND)).isEqualTo(-1);
    }

    @Test
    void whoIsNotWaitedForNeverIs() {
        assertThat(tooSlowAfter(false, 0)).isEqualTo(-1);
    }

    @Test
    void whatCameTooEarlyIsNoMeritLater() {
        bytes += 1_000_000;
        assertThat(pace.isTooSlow(now, true, bytes)).isFalse();
        assertThat(tooSlowAfter(true, 0)).isBetween(50, 51);
    }

    @Test
    void piecesThatComeWithinTheGraceAreAsGoodAsAnEvenFlow() {
        for (int piece = 0; piece < 20; piece++) {
            for (int tick = 0; tick < 4 * TICKS_A_SECOND; tick++) {
                now += TimeUnit.SECONDS.toNanos(1) / TICKS_A_SECOND;
                assertThat(pace.isTooSlow(now, true, bytes)).isFalse();
            }
            bytes += 4 * RATE;
        }
    }
}
