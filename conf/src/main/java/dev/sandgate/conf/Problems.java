package dev.sandgate.conf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What was found wrong so far, and what an operator should know besides. One thread. */
final class Problems {

    private static final Comparator<Problem> FILE_ORDER =
            Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column);

    private final List<Problem> problems = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();

    void add(Problem problem) {
        problems.add(problem);
    }

    void add(Spot spot, String found, String expected) {
        add(new Problem(spot.path(), found, expected, spot.line(), spot.column()));
    }

    void warn(Node node, String expected) {
        Spot spot = node.spot();
        warnings.add(new Problem(spot.path(), node.shown(), expected, spot.line(), spot.column()));
    }

    boolean none() {
        return problems.isEmpty();
    }

    List<Problem> inFileOrder() {
        return problems.stream().sorted(FILE_ORDER).toList();
    }

    List<Problem> warnings() {
        return warnings.stream().sorted(FILE_ORDER).toList();
    }
}
