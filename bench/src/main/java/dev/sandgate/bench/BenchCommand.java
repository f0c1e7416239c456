package dev.sandgate.bench;

import dev.sandgate.bench.sidebyside.SideBySideCommand;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The command line of this room: {@code bench sandbox ...}. */
@Command(
        name = "bench",
        description = "Load tests of doors, benchmarks, and a demo sandbox to try the door with.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = HelpCommand.class)
public final class BenchCommand {

    private BenchCommand() {}

    /** The command, with results on {@code out} and complaints on {@code err}. */
    public static CommandLine commandLine(PrintWriter out, PrintWriter err) {
        return new CommandLine(new BenchCommand())
                .addSubcommand(new SandboxCommand(out, err))
                .addSubcommand(new MicroCommand(err))
                .addSubcommand(new SideBySideCommand(out, err))
                .setCommandName("sandgate bench")
                .setOut(out)
                .setErr(err);
    }
}
