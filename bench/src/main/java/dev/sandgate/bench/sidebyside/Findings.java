package dev.sandgate.bench.sidebyside;

import dev.sandgate.bench.result.Result;
import dev.sandgate.bench.result.Violation;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a comparison has found so far; grows heat by heat. One thread. */
final class Findings {

    private final Plan plan;
    private final Map<String, Gathered> byContender = new LinkedHashMap<>();
    private final Set<String> missing = new LinkedHashSet<>();
    private final Set<String> notes = new LinkedHashSet<>();
    private Result.@Nullable Environment environment;
    private final List<String> heldBack = new ArrayList<>();
    private int heats;
    private int rounds;
    private boolean troubled;

    /** What was found of one contender. */
    private static final class Gathered {
        private final Map<Column, List<Double>> figures = new EnumMap<>(Column.class);
        private String version = "";
        private long failed;
        private long broken;
    }

    Findings(Plan plan) {
        this.plan = plan;
    }

    /** A contender that is left out. */
    void leftOut(Contender contender, List<String> needs) {
        missing.add(contender.name() + ": " + String.join(", ", needs));
    }

    void version(Contender contender, String told) {
        of(contender).version = told;
    }

    void found(Heat heat, Result result) {
        Gathered gathered = of(heat.contender());
        for (Column column : Column.values()) {
            if (column.measure() == heat.measure()) {
                column.of(result, heat.contender()).ifPresent(figure -> gathered.figures
                        .computeIfAbsent(column, first -> new ArrayList<>())
                        .add(figure));
            }
        }
        gathered.failed += result.requests().failed();
        gathered.broken +=
                result.violations().stream().mapToLong(Violation::count).sum();
        heats++;
        if (!result.generator().bottleneck().isEmpty()) {
            heldBack.add(heat.told() + ": " + result.generator().bottleneck());
        }
        environment = environment == null ? result.environment() : environment;
        rounds = Math.max(rounds, heat.round());
    }

    /** A heat that could not be made. */
    void failed(Heat heat, String why) {
        troubled = true;
        notes.add(heat.told() + " could not be made: " + why);
    }

    private Gathered of(Contender contender) {
        return byContender.computeIfAbsent(contender.id(), first -> new Gathered());
    }

    /** In the plan's order; without those of whom nothing was found. */
    List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (Contender contender : plan.contenders()) {
            Gathered gathered = byContender.get(contender.id());
            if (gathered != null && !gathered.figures.isEmpty()) {
                Map<Column, Spread> spreads = new EnumMap<>(Column.class);
                gathered.figures.forEach((column, each) -> spreads.put(column, new Spread(List.copyOf(each))));
                rows.add(new Row(contender.name(), gathered.version, spreads, gathered.failed, gathered.broken));
            }
        }
        return rows;
    }

    /** Those of the plan's that were made. */
    List<Column> columns() {
        List<Column> columns = new ArrayList<>();
        for (Column column : Column.values()) {
            if (rows().stream().anyMatch(row -> row.figures().containsKey(column))) {
                columns.add(column);
            }
        }
        return columns;
    }

    /** Contenders that were left out, a line each, with what they need. */
    List<String> leftOut() {
        return List.copyOf(missing);
    }

    /** What a reader of the figures should know. */
    List<String> notes() {
        List<String> all = new ArrayList<>(notes);
        if (!heldBack.isEmpty()) {
            all.add("In " + heldBack.size() + " of " + heats
                    + " heats the generator was held back, and latencies say more of the machine than of the door; "
                    + heldBack.get(0));
        }
        return all;
    }

    /** Where it was measured; empty before the first result. */
    Optional<Result.Environment> environment() {
        return Optional.ofNullable(environment);
    }

    /** How many rounds have begun. */
    int rounds() {
        return rounds;
    }

    /** Whether a heat could not be made. */
    boolean troubled() {
        return troubled;
    }

    Plan plan() {
        return plan;
    }
}
