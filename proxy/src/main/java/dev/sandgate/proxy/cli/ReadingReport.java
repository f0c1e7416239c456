package dev.sandgate.proxy.cli;

import dev.sandgate.conf.Problem;
import dev.sandgate.conf.Reading;
import dev.sandgate.conf.SandgateConfig;
import java.io.PrintWriter;
import java.nio.file.Path;

/** Tells what is wrong with a config file in lines that editors and CI know: {@code FILE:LINE:COLUMN: what}. */
final class ReadingReport {

    private final Path file;
    private final PrintWriter err;

    ReadingReport(Path file, PrintWriter err) {
        this.file = file;
        this.err = err;
    }

    void tell(Reading reading) {
        if (reading instanceof Reading.Broken broken) {
            broken.problems().forEach(problem -> err.println(line(problem, "")));
        } else if (reading instanceof Reading.Loaded loaded) {
            loaded.warnings().forEach(warning -> err.println(line(warning, "warning: ")));
        }
    }

    /** {@code quickstart.json: ok (1 listener, 2 pools, 3 routes)}. */
    String ok(SandgateConfig config) {
        return file + ": ok ("
                + counted(config.listeners().size(), "listener") + ", "
                + counted(config.pools().size(), "pool") + ", "
                + counted(config.routes().size(), "route") + ")";
    }

    private String line(Problem problem, String kind) {
        String place = problem.line() == 0 ? "" : problem.line() + ":" + problem.column() + ":";
        String path = problem.path().isEmpty() ? "" : problem.path() + ": ";
        return file + ":" + place + " " + kind + path + problem.found() + " (expected: " + problem.expected() + ")";
    }

    private static String counted(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }
}
