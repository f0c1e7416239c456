package dev.sandgate.proxy.cli;

import dev.sandgate.conf.ConfigReader;
import dev.sandgate.conf.Reading;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Parameters;

/**
 * Where Sandgate starts. Exit codes: 0 done, or stopped by SIGTERM or SIGINT; 1 a listener could not be opened; 2 the
 * command or the config file is wrong.
 */
@Command(
        name = "sandgate",
        description = "The front door of sandbox pools: pins each session to one instance.",
        mixinStandardHelpOptions = true,
        versionProvider = Build.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = HelpCommand.class)
public final class Sandgate {

    private final PrintWriter out;
    private final PrintWriter err;

    private Sandgate(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    /** Runs one command and exits with its code. */
    public static void main(String[] args) {
        // before the first class of Vert.x is loaded, which chooses its logger once
        System.setProperty("vertx.logger-delegate-factory-class-name", "io.vertx.core.logging.SLF4JLogDelegateFactory");
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(commandLine(out, err).execute(args));
    }

    /** The command, with results on {@code out}, and complaints and where it listens on {@code err}. */
    static CommandLine commandLine(PrintWriter out, PrintWriter err) {
        return new CommandLine(new Sandgate(out, err)).setOut(out).setErr(err);
    }

    @Command(name = "run", description = "Opens the door that a config file describes, until SIGTERM.")
    int run(@Parameters(paramLabel = "FILE", description = "A config file in JSON.") Path file)
            throws InterruptedException {
        Reading reading = read(file);
        new ReadingReport(file, err).tell(reading);
        return reading instanceof Reading.Loaded loaded ? new OpenDoor(err).run(loaded.config()) : 2;
    }

    @Command(name = "validate", description = "Tells every problem of a config file, with its line and column.")
    int validate(@Parameters(paramLabel = "FILE", description = "A config file in JSON.") Path file) {
        Reading reading = read(file);
        ReadingReport report = new ReadingReport(file, err);
        report.tell(reading);
        if (reading instanceof Reading.Loaded loaded) {
            out.println(report.ok(loaded.config()));
            return 0;
        }
        return 2;
    }

    @Command(name = "version", description = "Tells the versions of Sandgate and of what it stands on.")
    void version() throws Exception {
        for (String line : new Build().getVersion()) {
            out.println(line);
        }
    }

    @Command(name = "bench", description = "Demo sandbox; see 'sandgate bench --help'.")
    int bench(@Parameters(paramLabel = "ARGUMENT", arity = "0..*", hidden = true) String[] ignored) {
        err.println("bench is a program of its own, started by the launcher: ./sandgate bench");
        return 2;
    }

    private static Reading read(Path file) {
        return new ConfigReader(System.getenv()).read(file);
    }
}
