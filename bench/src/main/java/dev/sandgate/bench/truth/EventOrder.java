package dev.sandgate.bench.truth;

import dev.sandgate.bench.result.Violation.Kind;
import java.util.BitSet;
import java.util.Optional;

/** Follows the numbers of what a stream brings, which begin with 1 and grow by 1. */
public final class EventOrder {

    private static final int REMEMBERED = 1 << 20;

    private final BitSet heard = new BitSet();
    private int highest;

    /** The next one; empty: it is in its place. */
    public Optional<Witness.Finding> saw(long number) {
        if (number < 1 || number > REMEMBERED) {
            return Optional.empty();
        }
        int n = (int) number;
        boolean again = heard.get(n);
        heard.set(n);
        if (again) {
            return Optional.of(new Witness.Finding(Kind.DUPLICATED, "event " + n + " came twice"));
        }
        if (n < highest) {
            return Optional.of(new Witness.Finding(Kind.REORDERED, "event " + n + " came after event " + highest));
        }
        highest = n;
        return Optional.empty();
    }

    /** The stream is over: those that never came are missing from its middle. */
    public Optional<Witness.Finding> over() {
        int missing = highest - heard.cardinality();
        return missing == 0
                ? Optional.empty()
                : Optional.of(new Witness.Finding(
                        Kind.HALF_BODY, missing + " of the events before event " + highest + " never came"));
    }
}
