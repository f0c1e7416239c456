package dev.sandgate.bench.truth;

import dev.sandgate.bench.result.Violation.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads what a sandbox wrote down, and says where it held more sessions at a time than it may, and what it heard more often
 * than it was said. A session is held from its first line to its last one: by when it is over the door may have decided
 * otherwise, but it cannot have been over before its last request. An incarnation's end is the end of its sessions.
 */
public final class LogJudge {

    private static final int FIELDS = 5;

    private record Held(String id, long from, long to) {}

    private record Edge(long micros, int step, String id) {}

    private final int perInstance;
    private final Map<String, Long> said;
    private final Verdicts verdicts;

    /**
     * Judges by what is known elsewhere.
     *
     * @param perInstance the cap; 0: none
     * @param said how many requests each session made, of those whose every request was answered
     */
    public LogJudge(int perInstance, Map<String, Long> said, Verdicts verdicts) {
        this.perInstance = perInstance;
        this.said = said;
        this.verdicts = verdicts;
    }

    /** Judges one sandbox's log; a line that was not written to its end, by a kill, is passed over. */
    public void judge(String instance, Path log) throws IOException {
        Map<String, Map<String, Held>> lives = new HashMap<>();
        List<Held> over = new ArrayList<>();
        try (BufferedReader lines = Files.newBufferedReader(log, StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] fields = line.split(" ", FIELDS);
                if (fields.length == FIELDS) {
                    count(instance, fields);
                    hear(fields, lives.computeIfAbsent(fields[1], first -> new HashMap<>()), over);
                }
            }
        }
        lives.values().forEach(held -> over.addAll(held.values()));
        if (perInstance > 0) {
            judge(instance, over);
        }
    }

    private void count(String instance, String[] fields) {
        Long known = said.get(fields[4]);
        if (known != null && Long.parseLong(fields[3]) > known) {
            verdicts.add(
                    Kind.DUPLICATED,
                    instance + " heard " + fields[3] + " requests of " + fields[4] + ", which made " + known);
        }
    }

    private static void hear(String[] fields, Map<String, Held> held, List<Held> over) {
        long micros = Long.parseLong(fields[0]);
        String id = fields[4];
        Held before = held.get(id);
        Held now = new Held(id, before == null ? micros : before.from(), micros);
        if (fields[2].equals("end")) {
            held.remove(id);
            over.add(now);
        } else {
            held.put(id, now);
        }
    }

    private void judge(String instance, List<Held> all) {
        List<Edge> edges = new ArrayList<>();
        for (Held held : all) {
            edges.add(new Edge(held.from(), 1, held.id()));
            // one of which there is but one line was there for a moment all the same
            edges.add(new Edge(Math.max(held.to(), held.from() + 1), -1, held.id()));
        }
        // where one ends in the microsecond in which another begins, the end counts first
        edges.sort(Comparator.comparingLong(Edge::micros).thenComparingInt(Edge::step));
        int now = 0;
        for (Edge edge : edges) {
            now += edge.step();
            if (edge.step() > 0 && now > perInstance) {
                verdicts.add(
                        Kind.CAP_EXCEEDED,
                        instance + " held " + now + " sessions (at most " + perInstance + ") when " + edge.id()
                                + " began, at " + edge.micros() + " µs since 1970");
            }
        }
    }
}
