package dev.sandgate.bench.result;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandgate.bench.result.Result.Second;
import dev.sandgate.bench.result.Result.Use;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** A run that nobody made, the same for the same seed. Change what matters by the {@code with} methods, then take it. */
public final class MadeUpRun {

    private static final long NANOS_A_MILLI = 1_000_000;

    private final Random random;
    private String name = "steady";
    private int seconds = 30;
    private int instances = 4;
    private int perSecond = 400;
    private int cores = 2;
    private double slower = 1;
    private boolean openModel = true;
    private String bottleneck = "";
    private List<Violation> violations = List.of();
    private List<Result.FaultSeen> faults = List.of();
    private List<Result.Stall> stalls = List.of();
    private final Histogram response = new Histogram(3);
    private final Histogram service = new Histogram(3);

    /** Of 30 seconds and 4 instances, in which nothing went wrong. */
    public MadeUpRun(long seed) {
        random = new Random(seed);
    }

    public MadeUpRun named(String name) {
        this.name = name;
        return this;
    }

    public MadeUpRun lasting(int seconds) {
        this.seconds = seconds;
        return this;
    }

    public MadeUpRun with(int instances, int perSecond) {
        this.instances = instances;
        this.perSecond = perSecond;
        return this;
    }

    public MadeUpRun on(int cores) {
        this.cores = cores;
        return this;
    }

    public MadeUpRun slowerBy(double factor) {
        this.slower = factor;
        return this;
    }

    public MadeUpRun closed() {
        this.openModel = false;
        return this;
    }

    public MadeUpRun heldBackBy(String bottleneck) {
        this.bottleneck = bottleneck;
        return this;
    }

    public MadeUpRun breaking(Violation... violations) {
        this.violations = List.of(violations);
        return this;
    }

    public MadeUpRun through(Result.FaultSeen... faults) {
        this.faults = List.of(faults);
        return this;
    }

    public MadeUpRun stalling(Result.Stall... stalls) {
        this.stalls = List.of(stalls);
        return this;
    }

    /** The run; take it once. */
    public Result take() {
        List<Second> timeline = new ArrayList<>();
        for (int second = -5; second < seconds; second++) {
            timeline.add(second(second));
        }
        List<Second> measured =
                timeline.stream().filter(second -> second.second() >= 0).toList();
        long answered = measured.stream().mapToLong(Second::answered).sum();
        long failed = measured.stream().mapToLong(Second::failed).sum();
        long admitted = measured.stream().mapToLong(Second::admitted).sum();
        return new Result(
                Result.FORMAT,
                name,
                scenario(),
                new Result.Environment(
                        "0.1.0 (abc1234)", "17.0.15 (Debian)", "Linux 6.1 amd64", "A processor", cores, 0.42),
                Instant.parse("2026-11-22T10:15:30Z"),
                openModel,
                seconds,
                new Result.Requests(answered + failed, answered, failed, (double) answered / Math.max(1, seconds)),
                new Result.SessionCounts(
                        admitted,
                        admitted,
                        Map.of(),
                        lost(failed),
                        admitted / 2,
                        0,
                        (double) admitted / Math.max(1, seconds),
                        120),
                failed == 0 ? Map.of() : new TreeMap<>(Map.of("status-502", failed - failed / 3, "cut", failed / 3)),
                Latency.of(response),
                Latency.of(service),
                Latency.of(service),
                timeline,
                violations,
                stalls,
                faults,
                programs(answered),
                new Result.Generator(0.31, 0.4, 2.1, bottleneck),
                List.of());
    }

    private Second second(int second) {
        Histogram now = new Histogram(3);
        long failed = faults.stream().anyMatch(fault -> hit(fault, second)) ? perSecond / 10 : 0;
        long planned = perSecond == 0 ? 0 : perSecond + random.nextInt(Math.max(1, perSecond / 10));
        long answered = planned - failed;
        for (long i = 0; i < answered; i++) {
            long served = (long) (NANOS_A_MILLI * slower * (0.3 + Math.exp(random.nextGaussian() * 0.8)));
            long waited = served + (failed > 0 ? random.nextInt(200) : 0) * NANOS_A_MILLI;
            now.recordValue(waited);
            if (second >= 0) {
                response.recordValue(waited);
                service.recordValue(served);
            }
        }
        Latency latency = Latency.of(now);
        Map<String, Integer> slots = new TreeMap<>();
        int sessions = 0;
        for (int i = 1; i <= instances && perSecond > 0; i++) {
            int slot = faults.isEmpty() || i > 1 || second < faults.get(0).at() / 1_000 ? 12 + random.nextInt(8) : 0;
            slots.put("s" + i, slot);
            sessions += slot;
        }
        return new Second(
                second,
                planned,
                answered,
                failed,
                failed == 0 ? Map.of() : Map.of("status-502", failed),
                answered / 20,
                Map.of(),
                latency.p99(),
                latency.p50(),
                latency.p99(),
                latency.max(),
                sessions,
                slots,
                0.25 + random.nextDouble() / 10,
                random.nextDouble(),
                uses());
    }

    private Map<String, Use> uses() {
        Map<String, Use> uses = new TreeMap<>();
        uses.put("door", new Use(slower * (0.4 + random.nextDouble() / 10), (180L + random.nextInt(20)) << 20));
        for (int i = 1; i <= instances; i++) {
            uses.put("s" + i, new Use(0.05 + random.nextDouble() / 50, (60L + random.nextInt(5)) << 20));
        }
        return uses;
    }

    private List<Result.ProgramUse> programs(long answered) {
        List<Result.ProgramUse> programs = new ArrayList<>();
        programs.add(new Result.ProgramUse("door", true, slower * answered * 1.1e-3, 200L << 20));
        for (int i = 1; i <= instances; i++) {
            programs.add(new Result.ProgramUse("s" + i, false, 0.06 * seconds, 65L << 20));
        }
        return programs;
    }

    private static boolean hit(Result.FaultSeen fault, int second) {
        return second * 1e3 >= fault.at() && second * 1e3 < fault.at() + fault.recoveredAfter();
    }

    private static Map<String, Long> lost(long failed) {
        return failed == 0 ? Map.of() : Map.of("session-lost", 14L);
    }

    private ObjectNode scenario() {
        ObjectNode scenario = new ObjectMapper().createObjectNode();
        scenario.put("name", name);
        scenario.put("seed", 7);
        scenario.putArray("doors").add("http://127.0.0.1:" + (20_000 + random.nextInt(9_999)));
        scenario.put("duration", seconds + "s");
        scenario.putObject("arrival").put("poisson", perSecond + "/s");
        return scenario;
    }
}
