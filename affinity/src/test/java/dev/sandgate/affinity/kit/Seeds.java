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
        each(new Random().nextInt(1_000_000_000), seeds, property);
    }

    /** The same from this seed on, where what is judged must be the same each time. */
    public static void from(long first, int seeds, Consumer<Random> property) {
        String given = System.getProperty("seed", "");
        if (given.isBlank()) {
            each(first, seeds, property);
        } else {
            run(Long.parseLong(given.trim()), property);
        }
    }

    private static void each(long first, int seeds, Consumer<Random> property) {
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
