package dev.sandgate.bench.load;

import dev.sandgate.bench.result.Assertion;
import dev.sandgate.bench.result.HistogramLog;
import dev.sandgate.bench.result.Progress;
import dev.sandgate.bench.result.Result;
import dev.sandgate.bench.scenario.Arrival;
import dev.sandgate.bench.scenario.Fault;
import dev.sandgate.bench.scenario.Placeholders;
import dev.sandgate.bench.scenario.Scenario;
import dev.sandgate.bench.scenario.ScenarioReader.Read;
import dev.sandgate.bench.stage.Meter;
import dev.sandgate.bench.stage.Stage;
import dev.sandgate.bench.stage.StageFailure;
import dev.sandgate.bench.truth.LogJudge;
import dev.sandgate.bench.truth.Verdicts;
import dev.sandgate.bench.wire.Loop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A run from its stage to its result: starts the programs, makes the load and the faults, judges, and ends what it started.
 * Blocks the thread that it is called on.
 */
public final class BenchRun {

    private final Read read;
    private final Placeholders placeholders;
    private final Path dir;
    private final Progress progress;
    private final Optional<HistogramLog> log;
    private final List<Assertion> assertions;
    private final List<String> troubles = new ArrayList<>();

    /**
     * Of a scenario that was read.
     *
     * @param dir the run's folder, which exists: what programs print and sandboxes write down
     * @param log stays the caller's to close
     */
    public BenchRun(
            Read read,
            Placeholders placeholders,
            Path dir,
            Progress progress,
            Optional<HistogramLog> log,
            List<Assertion> assertions) {
        this.read = read;
        this.placeholders = placeholders;
        this.dir = dir;
        this.progress = progress;
        this.log = log;
        this.assertions = assertions;
    }

    /**
     * Runs it.
     *
     * @throws StageFailure where a program did not start, or a fault could not be made
     */
    public Result run() throws StageFailure, IOException, InterruptedException {
        Result.Environment environment = Machine.look();
        Verdicts verdicts = new Verdicts();
        Loaded loaded = load(verdicts);
        if (!troubles.isEmpty()) {
            throw StageFailure.of(troubles);
        }
        judgeLogs(loaded, verdicts);
        Result result = result(environment, loaded, verdicts);
        return result.judged(assertions);
    }

    /** What is left of a load when all that made it has ended. */
    private record Loaded(
            LoadTest test, List<Result.ProgramUse> programs, Result.Generator generator, Map<String, Path> logs) {}

    private Loaded load(Verdicts verdicts) throws StageFailure, IOException, InterruptedException {
        Scenario scenario = read.scenario();
        ScheduledExecutorService hands = Executors.newScheduledThreadPool(2);
        try (Stage stage = Stage.open(scenario, placeholders, dir);
                Loop loop = new Loop()) {
            Meter meter = new Meter(stage);
            var samples = hands.scheduleAtFixedRate(meter::sample, 0, 1, TimeUnit.SECONDS);
            LoadTest.Listeners listeners =
                    new LoadTest.Listeners(progress, log, meter::latest, () -> hands.execute(meter::begin));
            LoadTest test = on(loop, () -> new LoadTest(scenario, loop.executor(), verdicts, listeners));
            CompletableFuture<Void> over = on(loop, test::begin);
            scenario.faults().forEach(fault -> plan(fault, stage, test, loop, hands));
            await(over);
            samples.cancel(false);
            meter.sample();
            return new Loaded(
                    test, meter.totals(), on(loop, () -> test.generator().told()), stage.logs());
        } finally {
            hands.shutdownNow();
        }
    }

    private void plan(Fault fault, Stage stage, LoadTest test, Loop loop, ScheduledExecutorService hands) {
        Duration from = read.scenario().warmUp().plus(fault.at());
        var planned = hands.schedule(
                () -> {
                    loop.executor().execute(() -> test.fault(fault.told()));
                    try {
                        stage.happen(fault);
                    } catch (StageFailure failed) {
                        trouble(fault.told() + ": " + failed.getMessage());
                    } catch (InterruptedException runIsOver) {
                        Thread.currentThread().interrupt();
                    }
                },
                from.toNanos() - test.now(),
                TimeUnit.NANOSECONDS);
        loop.executor().terminationFuture().addListener(ended -> planned.cancel(false));
    }

    private synchronized void trouble(String what) {
        troubles.add(what);
    }

    private void judgeLogs(Loaded loaded, Verdicts verdicts) throws IOException {
        LogJudge judge =
                new LogJudge(read.scenario().perInstance(), loaded.test().said(), verdicts);
        for (Map.Entry<String, Path> instance : loaded.logs().entrySet()) {
            if (Files.exists(instance.getValue())) {
                judge.judge(instance.getKey(), instance.getValue());
            }
        }
    }

    private Result result(Result.Environment environment, Loaded loaded, Verdicts verdicts) {
        LoadTest test = loaded.test();
        Tape tape = test.tape();
        return new Result(
                Result.FORMAT,
                read.scenario().name(),
                read.tree(),
                environment,
                test.measuredFrom(),
                !(read.scenario().arrival() instanceof Arrival.Closed),
                tape.seconds(),
                tape.requests(),
                tape.sessions(),
                tape.failures(),
                tape.response(),
                tape.service(),
                tape.admission(),
                tape.timeline(),
                verdicts.all(),
                test.stalls().all(),
                tape.faults(),
                loaded.programs(),
                loaded.generator(),
                List.of());
    }

    private static <T> T on(Loop loop, Callable<T> task) throws InterruptedException {
        try {
            return loop.executor().submit(task).get();
        } catch (ExecutionException bug) {
            throw new IllegalStateException(bug.getCause());
        }
    }

    private static void await(CompletableFuture<Void> over) throws InterruptedException {
        try {
            over.get();
        } catch (ExecutionException bug) {
            throw new IllegalStateException(bug.getCause());
        }
    }
}
