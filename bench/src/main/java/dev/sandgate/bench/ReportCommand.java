package dev.sandgate.bench;

import dev.sandgate.bench.report.HtmlReport;
import dev.sandgate.bench.result.Result;
import dev.sandgate.bench.result.ResultFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A result as a page. */
@Command(
        name = "report",
        description = "Makes one page of HTML of a result; it needs no network and no other file.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:it is written", "1:it could not be written", "2:the result could not be read"})
final class ReportCommand implements Callable<Integer> {

    private static final String JSON = ".json";

    @Parameters(paramLabel = "RESULT.json", description = "What 'bench run' wrote.")
    private Path file = Path.of("");

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE.html",
            description = "Where the page goes; RESULT.html beside the result unless given.")
    private @Nullable Path page;

    private final PrintWriter out;
    private final PrintWriter err;

    ReportCommand(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() {
        Path to = page != null ? page : besides(file);
        try {
            Result result = ResultFile.read(file);
            Files.writeString(to, HtmlReport.of(result));
            out.println(to);
            return 0;
        } catch (ResultFile.Unreadable other) {
            err.println(other.getMessage());
            return 2;
        } catch (IOException refused) {
            err.println(to + ": cannot be written: " + refused);
            return 1;
        }
    }

    private static Path besides(Path result) {
        String name = String.valueOf(result.getFileName());
        String bare = name.endsWith(JSON) ? name.substring(0, name.length() - JSON.length()) : name;
        return result.resolveSibling(bare + ".html");
    }
}
