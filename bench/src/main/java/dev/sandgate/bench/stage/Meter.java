package dev.sandgate.bench.stage;

import dev.sandgate.bench.result.Result.ProgramUse;
import dev.sandgate.bench.result.Result.Use;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the stage's programs use, by the system's own accounting ({@code /proc}): each with its children. Nothing where
 * there is no {@code /proc}. One thread calls {@link #sample}; what it last found may be read from any.
 */
public final class Meter {

    /** {@code USER_HZ}, which is 100 on every Linux that Java runs on. */
    private static final double TICKS_A_SECOND = 100;

    private static final long PAGE = 4096;
    private static final int UTIME = 11;
    private static final int STIME = 12;

    /**
     * What one program has used.
     *
     * @param cpuSeconds since it began, over all its lives
     */
    private record Used(double cpuSeconds, long memory) {}

    private final Stage stage;
    private final Map<String, Used> atStart = new HashMap<>();
    private final Map<String, Used> last = new HashMap<>();
    private final Map<String, Long> highest = new HashMap<>();
    private final Map<String, Double> before = new HashMap<>();
    private long sampled;
    private volatile Map<String, Use> latest = Map.of();

    /** Of a stage that is open. */
    public Meter(Stage stage) {
        this.stage = stage;
    }

    /** From here on it counts for the totals: the warm-up is over. */
    public synchronized void begin() {
        sample();
        atStart.clear();
        atStart.putAll(last);
        highest.clear();
    }

    /** Looks at all programs. */
    public synchronized void sample() {
        long now = System.nanoTime();
        double seconds = (now - sampled) / 1e9;
        sampled = now;
        Map<String, Use> uses = new HashMap<>();
        for (Running running : stage.all()) {
            String name = running.program().name();
            Used alive = running.pid().map(Meter::ofTree).orElse(new Used(0, 0));
            // a program that was ended and started again begins at 0
            double gone = before.getOrDefault(name, 0.0);
            Used previous = last.getOrDefault(name, new Used(0, 0));
            if (gone + alive.cpuSeconds() < previous.cpuSeconds()) {
                gone = previous.cpuSeconds();
                before.put(name, gone);
            }
            Used found = new Used(gone + alive.cpuSeconds(), alive.memory());
            last.put(name, found);
            highest.merge(name, found.memory(), Math::max);
            uses.put(name, new Use((found.cpuSeconds() - previous.cpuSeconds()) / seconds, found.memory()));
        }
        latest = Map.copyOf(uses);
    }

    /** What was used in the time between the last two looks. */
    public Map<String, Use> latest() {
        return latest;
    }

    /** What was used since {@link #begin}. */
    public synchronized List<ProgramUse> totals() {
        List<ProgramUse> totals = new ArrayList<>();
        for (Running running : stage.all()) {
            String name = running.program().name();
            double cpu = last.getOrDefault(name, new Used(0, 0)).cpuSeconds()
                    - atStart.getOrDefault(name, new Used(0, 0)).cpuSeconds();
            totals.add(new ProgramUse(name, running.program().door(), cpu, highest.getOrDefault(name, 0L)));
        }
        return totals;
    }

    private static Used ofTree(long pid) {
        Stream<Long> children = ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::descendants)
                .map(ProcessHandle::pid);
        double cpu = 0;
        long memory = 0;
        for (long one : Stream.concat(Stream.of(pid), children).toList()) {
            Used used = of(one);
            cpu += used.cpuSeconds();
            memory += used.memory();
        }
        return new Used(cpu, memory);
    }

    private static Used of(long pid) {
        Path proc = Path.of("/proc", Long.toString(pid));
        try {
            String stat = Files.readString(proc.resolve("stat"), StandardCharsets.ISO_8859_1);
            // the name in brackets may hold anything, spaces and brackets too
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            String[] pages = Files.readString(proc.resolve("statm"), StandardCharsets.ISO_8859_1)
                    .split(" ", -1);
            double ticks = Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME]);
            return new Used(ticks / TICKS_A_SECOND, Long.parseLong(pages[1]) * PAGE);
        } catch (IOException gone) {
            return new Used(0, 0);
        }
    }
}
