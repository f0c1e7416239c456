package dev.sandgate.affinity.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class PaceTest {

    // A clock may pass its greatest value on the way.
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1_000);
    private final Pace pace = new Pace(clock::get);

    @Test
    void givesFiveMomentsWithinAnySecond() {
        for (int i = 0; i < 5; i++) {
            assertThat(pace.take()).isZero();
            advance(100);
        }
        assertThat(pace.take()).isEqualTo(501);
        advance(499);
        assertThat(pace.take()).isPositive();
        advance(1);
        assertThat(pace.take()).isZero();
        assertThat(pace.take()).isEqualTo(101);
        advance(101);
        assertThat(pace.take()).isZero();
    }

    @Test
    void givesAllFiveAgainAfterASecond() {
        for (int i = 0; i < 100; i++) {
            for (int j = 0; j < 5; j++) {
                assertThat(pace.take()).isZero();
            }
            assertThat(pace.take()).isPositive();
            advance(1_000);
        }
    }

    private void advance(long millis) {
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }
}
