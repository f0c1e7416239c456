package dev.sandgate.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/**
 * A server that stalls for one second in every ten, twelve times, and one client that asks a hundred times a second and
 * waits for each answer before it asks again: what is lost to him is found again when time runs from when he wanted to ask.
 */
final class CoordinatedOmissionTest {

    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1000 * MILLI;
    private static final long SERVICE = MILLI;
    private static final int STALLS = 12;
    private static final int PER_SECOND = 100;

    @Test
    void timesFromTheMomentThatWasPlanned() {
        Tape tape = new Tape(0, STALLS * 10 * SECOND);
        long free = 0;
        for (int n = 0; n < STALLS * 10 * PER_SECOND; n++) {
            long due = n * (SECOND / PER_SECOND);
            long sent = Math.max(due, free);
            free = served(sent);
            tape.request(due, sent, free, "");
        }
        // a tenth of all was due in a stall and waited evenly from one second to none, and what piled up went out at 1
        // ms
        // each, which takes 0.1 s: the slowest hundredth of all begins at the slowest tenth of those
        double waited = 1000 - 0.1 * 1000 + SERVICE / (double) MILLI + 0.1 * PER_SECOND;
        assertThat(tape.response().p99()).isCloseTo(waited, within(0.05 * waited));
        assertThat(tape.service().p99())
                .as("what a tool tells that waits with its server")
                .isLessThan(2);
    }

    /** When an answer to what is sent then is there. */
    private static long served(long sent) {
        long inPeriod = sent % (10 * SECOND);
        return sent + SERVICE + (inPeriod < SECOND ? SECOND - inPeriod : 0);
    }
}
