package dev.sandgate.bench.truth;

import dev.sandgate.bench.result.Violation;
import dev.sandgate.bench.result.Violation.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The promises that were broken so far, with the proof of the first few of each kind. One thread. */
public final class Verdicts {

    private static final class Tally {

        private long count;
        private final List<String> proofs = new ArrayList<>();
    }

    private final Map<Kind, Tally> kinds = new EnumMap<>(Kind.class);
    private long total;

    /** One more; {@code proof} says what was asked and answered. */
    public void add(Kind kind, String proof) {
        Tally tally = kinds.computeIfAbsent(kind, first -> new Tally());
        tally.count++;
        total++;
        if (tally.proofs.size() < Violation.PROOFS) {
            tally.proofs.add(proof);
        }
    }

    /** How many of all kinds. */
    public long total() {
        return total;
    }

    /** All kinds that occurred. */
    public List<Violation> all() {
        return kinds.entrySet().stream()
                .map(entry ->
                        new Violation(entry.getKey(), entry.getValue().count, List.copyOf(entry.getValue().proofs)))
                .toList();
    }
}
