package dev.sandgate.bench.load;

import dev.sandgate.bench.scenario.Sessions;
import java.util.List;
import java.util.Random;

/** Draws the sorts of sessions by their weights; the same seed draws the same. */
final class Mix {

    private final List<Sessions> sorts;
    private final int total;
    private final Random random;

    Mix(List<Sessions> sorts, long seed) {
        this.sorts = sorts;
        this.total = sorts.stream().mapToInt(Sessions::weight).sum();
        this.random = new Random(seed);
    }

    Sessions next() {
        int drawn = random.nextInt(total);
        for (Sessions sort : sorts) {
            drawn -= sort.weight();
            if (drawn < 0) {
                return sort;
            }
        }
        throw new AssertionError(drawn);
    }
}
