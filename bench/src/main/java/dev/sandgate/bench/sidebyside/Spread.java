package dev.sandgate.bench.sidebyside;

import java.util.List;

/**
 * One figure over the rounds.
 *
 * @param each in the rounds' order; never empty
 */
record Spread(List<Double> each) {

    /** The middle one; of an even number, the mean of the two in the middle. */
    double median() {
        List<Double> sorted = each.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    double least() {
        return each.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }

    double most() {
        return each.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }
}
