package dev.sandgate.bench;

import dev.sandgate.bench.load.BenchRun;
import dev.sandgate.bench.result.Assertion;
import dev.sandgate.bench.result.HistogramLog;
import dev.sandgate.bench.result.Progress;
import dev.sandgate.bench.result.Result;
import dev.sandgate.bench.result.ResultFile;
import dev.sandgate.bench.scenario.BadScenario;
import dev.sandgate.bench.scenario.Placeholders;
import dev.sandgate.bench.scenario.ScenarioReader;
import dev.sandgate.bench.scenario.ScenarioReader.Read;
import dev.sandgate.bench.stage.StageFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a scenario, shows it as it goes, and writes down what was found. */
@Command(
        name = "run",
        description = "Runs a scenario against a door, and judges whether it kept its promises.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all promises were kept, and all assertions hold",
            "1:it could not be run",
            "2:the scenario or an option makes no sense",
            "98:a promise was broken",
            "99:an assertion does not hold, or nothing was answered"
        })
final class RunCommand implements Callable<Integer> {

    private static final int FAILED = 1;
    private static final int NONSENSE = 2;
    private static final int BROKEN = 98;
    private static final int NOT_HELD = 99;

    @Parameters(paramLabel = "SCENARIO.json", description = "What to run; 'bench schema' says what may stand in it.")
    private Path file = Path.of("");

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            description = "Where the result goes, as JSON; SCENARIO.result.json beside the scenario unless given.")
    private @Nullable Path out;

    @Option(names = "--hlog", paramLabel = "FILE", description = "Every second's histograms, for HdrHistogram's tools.")
    private @Nullable Path hlog;

    @Option(
            names = "--dir",
            paramLabel = "FOLDER",
            description = "Where programs print to and sandboxes write down; a new temporary one unless given.")
    private @Nullable Path dir;

    @Option(
            names = "--assert",
            paramLabel = "CONDITIONS",
            description = "What must hold, beside the scenario's own: \"p99 < 20ms, misrouted = 0\".")
    private List<String> conditions = List.of();

    private final PrintWriter printer;
    private final PrintWriter err;

    RunCommand(PrintWriter printer, PrintWriter err) {
        this.printer = printer;
        this.err = err;
    }

    @Override
    public Integer call() throws InterruptedException {
        try {
            Path folder = dir != null ? Files.createDirectories(dir) : Files.createTempDirectory("sandgate-bench-");
            Placeholders placeholders = new Placeholders(folder.toAbsolutePath(), hereOf(file));
            Read read = ScenarioReader.read(file, placeholders);
            Result result = run(read, placeholders, folder, assertions(read));
            Path to = out != null ? out : besides(file);
            ResultFile.write(to, result);
            new Summary(printer).tell(result, to);
            return !result.violations().isEmpty() ? BROKEN : result.passed() ? 0 : NOT_HELD;
        } catch (BadScenario | IllegalArgumentException nonsense) {
            err.println(nonsense.getMessage());
            return NONSENSE;
        } catch (StageFailure | IOException failed) {
            err.println(failed.getMessage());
            return FAILED;
        }
    }

    private Result run(Read read, Placeholders placeholders, Path folder, List<Assertion> assertions)
            throws IOException, StageFailure, InterruptedException {
        Progress progress = new Progress(
                err,
                Progress.isTerminal(2),
                read.scenario().warmUp(),
                read.scenario().duration());
        Optional<HistogramLog> log = hlog == null ? Optional.empty() : Optional.of(new HistogramLog(hlog));
        try (progress) {
            return new BenchRun(read, placeholders, folder, progress, log, assertions).run();
        } finally {
            if (log.isPresent()) {
                log.get().close();
            }
        }
    }

    private List<Assertion> assertions(Read read) {
        List<Assertion> all = new ArrayList<>();
        read.scenario().assertions().forEach(one -> all.addAll(Assertion.parse(one)));
        conditions.forEach(one -> all.addAll(Assertion.parse(one)));
        return all;
    }

    private static Path hereOf(Path scenario) {
        Path folder = scenario.toAbsolutePath().getParent();
        return folder == null ? Path.of("").toAbsolutePath() : folder;
    }

    private static Path besides(Path scenario) {
        String name = String.valueOf(scenario.getFileName());
        String bare = name.endsWith(".json") ? name.substring(0, name.length() - ".json".length()) : name;
        return hereOf(scenario).resolve(bare + ".result.json");
    }
}
