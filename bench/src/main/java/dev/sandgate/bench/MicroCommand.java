package dev.sandgate.bench;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** The page of help for what the launcher does by itself: the benchmarks are code of the tests, which is not in here. */
@Command(
        name = "micro",
        description = {
            "Measures the hot pieces one by one with JMH: time and bytes allocated for each call.",
            "Run by the launcher, in a checkout of the sources: it compiles the benchmarks with Maven first.",
            "All arguments are JMH's: a pattern of names, -l for their list, -f 3 for three JVMs each, -h for all others."
        },
        customSynopsis = "./sandgate bench micro [REGEX] [JMH OPTION...]",
        mixinStandardHelpOptions = true)
final class MicroCommand implements Callable<Integer> {

    @Unmatched
    private List<String> forJmh = new ArrayList<>();

    private final PrintWriter err;

    MicroCommand(PrintWriter err) {
        this.err = err;
    }

    /** Returns 2: only the launcher can. */
    @Override
    public Integer call() {
        err.println("bench micro is run by the launcher, from the sources: ./sandgate bench micro "
                + String.join(" ", forJmh));
        return 2;
    }
}
