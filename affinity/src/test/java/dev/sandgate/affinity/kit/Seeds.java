package dev.sandgate.affinity.kit;

import java.util.Random;
import java.util.function.Consumer;

/** Runs a property under many seeds. A failure names its seed; {@code -Dseed=N} runs that one alone. */
public final class Seeds {

    private Seeds() {}

    public static void each(int seeds, Consumer<Random> property) {
        String given = System.getProperty("seed", "");
        if (!given.isBlank()) {
            run(Long.parseLong(given.trim()), property);
            return;
        }
        long first = new Random().nextInt(1_000_000_000);
        for (long seed = first; seed < first + seeds; seed++) {
            run(seed, property);
        }
    }

    private static void run(long seed, Consumer<Random> property) {
        try {
            property.accept(new Random(seed));
        } catch (RuntimeException | AssertionError failure) {
            throw new AssertionError(
                    "seed " + seed + " (replay with -Dseed=" + seed + "): " + failure.getMessage(), failure);
        }
    }
}
