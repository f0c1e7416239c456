package dev.sandgate.bench.load;

import dev.sandgate.bench.result.Result.Stall;
import java.util.ArrayList;
import java.util.List;

/**
 * Notices when nothing is answered though something was asked. The generator's own naps are not taken for the door's: what
 * was quiet only as long as the loop was late is none. One thread; nanoseconds from the start of the run.
 */
final class Stalls {

    private static final long NOTICED = 250_000_000;
    private static final double MILLIS = 1e6;

    private final long warmUp;
    private final List<Stall> stalls = new ArrayList<>();
    private int asked;
    private long quietSince;
    private long napped;

    Stalls(long warmUp) {
        this.warmUp = warmUp;
    }

    void asked(long now) {
        if (asked == 0) {
            quietSince = now;
            napped = 0;
        }
        asked++;
    }

    void answered(long now) {
        long quiet = now - quietSince - napped;
        if (asked > 0 && quiet >= NOTICED) {
            stalls.add(new Stall((quietSince - warmUp) / MILLIS, quiet / MILLIS));
        }
        asked = Math.max(0, asked - 1);
        quietSince = now;
        napped = 0;
    }

    /** The loop was late by so long. */
    void napped(long nanos) {
        napped += nanos;
    }

    List<Stall> all() {
        return List.copyOf(stalls);
    }
}
