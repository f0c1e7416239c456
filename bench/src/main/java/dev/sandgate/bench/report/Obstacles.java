package dev.sandgate.bench.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandgate.bench.result.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** Why two results say nothing of each other. */
final class Obstacles {

    /** What of a scenario does not change what is asked: the doors are what is compared. */
    private static final Set<String> FREE = Set.of("$schema", "name", "doors", "programs", "files", "assert");

    private static final String LOCAL_PORT = "(127\\.0\\.0\\.1|localhost|\\[::1]):\\d+";

    private Obstacles() {}

    /** A sentence each; empty: none. */
    static List<String> between(Result a, Result b) {
        List<String> obstacles = new ArrayList<>();
        Set<String> other = differing(a.scenario(), b.scenario());
        if (!other.isEmpty()) {
            obstacles.add("the scenarios differ in " + String.join(", ", other));
        }
        Result.Environment left = a.environment();
        Result.Environment right = b.environment();
        differ(obstacles, "systems", left.system(), right.system());
        differ(obstacles, "processors", left.processor(), right.processor());
        differ(obstacles, "cores", left.cores(), right.cores());
        differ(obstacles, "Java versions", left.java(), right.java());
        alone(obstacles, "A", a);
        alone(obstacles, "B", b);
        return List.copyOf(obstacles);
    }

    private static void differ(List<String> obstacles, String what, Object a, Object b) {
        if (!a.equals(b)) {
            obstacles.add("the " + what + " differ: " + a + ", " + b);
        }
    }

    private static void alone(List<String> obstacles, String name, Result run) {
        if (run.requests().answered() == 0) {
            obstacles.add(name + " answered nothing");
        } else if (Sampled.measured(run).size() < Comparison.FEWEST_SECONDS) {
            obstacles.add(name + " has " + Sampled.measured(run).size() + " seconds (expected: "
                    + Comparison.FEWEST_SECONDS + " or more)");
        }
        run.violations()
                .forEach(violation -> obstacles.add(
                        name + " broke a promise: " + violation.kind().told() + ", " + violation.count() + " times"));
        if (!run.generator().bottleneck().isEmpty()) {
            obstacles.add("the load generator was the bottleneck of " + name + ": "
                    + run.generator().bottleneck());
        }
    }

    private static Set<String> differing(JsonNode a, JsonNode b) {
        Set<String> fields = new TreeSet<>();
        a.fieldNames().forEachRemaining(fields::add);
        b.fieldNames().forEachRemaining(fields::add);
        fields.removeAll(FREE);
        fields.removeIf(field -> Objects.equals(portless(a.path(field)), portless(b.path(field))));
        return fields;
    }

    /** Ports were free ones, of each run's own. */
    private static String portless(JsonNode value) {
        return value.toString().replaceAll(LOCAL_PORT, "$1");
    }
}
