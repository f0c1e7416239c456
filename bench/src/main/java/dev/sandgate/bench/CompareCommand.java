package dev.sandgate.bench;

import dev.sandgate.bench.report.Comparison;
import dev.sandgate.bench.report.ComparisonText;
import dev.sandgate.bench.result.ResultFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Two results side by side. */
@Command(
        name = "compare",
        description = "Tells how the second result differs from the first, and whether that is more than chance.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:they were compared",
            "2:a result could not be read, or an option makes no sense",
            "99:with --fail-if-worse: B is worse in something, or cannot be compared"
        })
final class CompareCommand implements Callable<Integer> {

    private static final int WORSE = 99;

    @Parameters(index = "0", paramLabel = "A.json", description = "What is compared with.")
    private Path a = Path.of("");

    @Parameters(index = "1", paramLabel = "B.json", description = "What is judged.")
    private Path b = Path.of("");

    @Option(names = "--markdown", description = "Writes tables in Markdown.")
    private boolean markdown;

    @Option(names = "--fail-if-worse", description = "Exits with 99 where B is worse or cannot be compared.")
    private boolean failIfWorse;

    @Option(
            names = "--least",
            paramLabel = "PERCENT",
            description = "A smaller difference is none; ${DEFAULT-VALUE} unless given.")
    private double least = 5;

    private final PrintWriter out;
    private final PrintWriter err;

    CompareCommand(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() {
        if (!(least >= 0)) {
            err.println("--least: " + least + " (expected: 0 or more)");
            return 2;
        }
        try {
            Comparison comparison = Comparison.of(ResultFile.read(a), ResultFile.read(b), least / 100);
            new ComparisonText(comparison, markdown).lines().forEach(out::println);
            return failIfWorse && comparison.worse() ? WORSE : 0;
        } catch (IOException unreadable) {
            err.println(unreadable.getMessage());
            return 2;
        }
    }
}
