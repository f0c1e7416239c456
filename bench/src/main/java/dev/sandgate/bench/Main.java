package dev.sandgate.bench;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** Where {@code sandgate bench} starts. */
public final class Main {

    private Main() {}

    /** Runs one command and exits with its code: 0, 1 where it failed, 2 where it was not understood. */
    public static void main(String[] args) {
        System.setProperty("slf4j.internal.verbosity", "ERROR"); // a library's log that nobody asked for
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(BenchCommand.commandLine(out, err).execute(args));
    }
}
