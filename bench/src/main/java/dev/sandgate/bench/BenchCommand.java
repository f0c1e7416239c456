package dev.sandgate.bench;

import dev.sandgate.bench.sidebyside.SideBySideCommand;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The command line of this room: {@code bench sandbox ...}. */
@Command(
        name = "bench",
        description = "Load tests that know what a session is, and a demo sandbox.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = HelpCommand.class)
public final class BenchCommand {

    private BenchCommand() {}

    /** The command, with results on {@code out} and complaints on {@code err}. */
    public static CommandLine commandLine(PrintWriter out, PrintWriter err) {
        return new CommandLine(new BenchCommand())
                .addSubcommand(new RunCommand(out, err))
                .addSubcommand(new ReportCommand(out, err))
                .addSubcommand(new CompareCommand(out, err))
                .addSubcommand(new SchemaCommand(out))
                .addSubcommand(new SandboxCommand(out, err))
                .addSubcommand(new MicroCommand(err))
                .addSubcommand(new SideBySideCommand(out, err))
                .setCommandName("sandgate bench")
                .setOut(out)
                .setErr(err);
    }
}
