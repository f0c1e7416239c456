package dev.sandgate.bench.sidebyside;

import dev.sandgate.bench.scenario.BadScenario;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bench side-by-side}: the table on the output, what it does on the error output. */
@Command(
        name = "side-by-side",
        description = {
            "Puts the same load on several doors in turn, and tells their figures side by side.",
            "Installs nothing: a door whose program is not there is left out, with a word on what brings it."
        },
        mixinStandardHelpOptions = true)
public final class SideBySideCommand implements Callable<Integer> {

    private static final DateTimeFormatter NOW = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");
    private static final Path PLAN = Path.of("bench", "side-by-side", "plan.json");

    @Parameters(
            arity = "0..1",
            paramLabel = "PLAN",
            description = "What is compared; bench/side-by-side/plan.json of the checkout unless given.")
    private Optional<Path> file = Optional.empty();

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "For tables, results and logs; side-by-side-DATE-TIME here unless given.")
    private Optional<Path> out = Optional.empty();

    @Option(names = "--rounds", paramLabel = "N", description = "Instead of the plan's number.")
    private Optional<Integer> rounds = Optional.empty();

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "CONTENDER",
            description = "Some of the plan's contenders, with commas between.")
    private List<String> only = List.of();

    private final PrintWriter result;
    private final PrintWriter told;

    /** Writes the table to the first, and all else to the second. */
    public SideBySideCommand(PrintWriter result, PrintWriter told) {
        this.result = result;
        this.told = told;
    }

    /** Returns 1 where a door could not be measured as planned, 2 where plan or options make no sense. */
    @Override
    public Integer call() throws InterruptedException {
        try {
            Plan plan = chosen(PlanReader.read(file.orElseGet(SideBySideCommand::checkout)));
            Path folder = out.orElseGet(
                            () -> Path.of("side-by-side-" + NOW.format(LocalDateTime.now(ZoneId.systemDefault()))))
                    .toAbsolutePath();
            Findings findings = new SideBySide(plan, folder, Course.real(told), told).run();
            result.print(MarkdownTable.of(findings));
            result.flush();
            told.println("written: " + folder.resolve(SideBySide.MARKDOWN) + ", " + folder.resolve(SideBySide.PAGE));
            return findings.troubled() || findings.rows().isEmpty() ? 1 : 0;
        } catch (BadScenario nonsense) {
            told.println(nonsense.getMessage());
            return 2;
        } catch (IOException failure) {
            told.println(failure.toString());
            return 1;
        }
    }

    private Plan chosen(Plan plan) throws BadScenario {
        Plan timed = rounds.map(plan::withRounds).orElse(plan);
        if (timed.rounds() < 1) {
            throw new BadScenario(List.of("--rounds " + timed.rounds() + " (expected: 1 or more)"));
        }
        List<String> ids = timed.contenders().stream().map(Contender::id).toList();
        for (String name : only) {
            if (!ids.contains(name)) {
                throw new BadScenario(List.of("--only " + name + " (expected: one of " + ids + ")"));
            }
        }
        return only.isEmpty()
                ? timed
                : timed.with(timed.contenders().stream()
                        .filter(contender -> only.contains(contender.id()))
                        .toList());
    }

    // beside the launcher, wherever it was called from
    private static Path checkout() {
        return Optional.ofNullable(System.getenv("SANDGATE_LAUNCHER"))
                .map(launcher -> Path.of(launcher).resolveSibling(PLAN))
                .filter(Files::exists)
                .orElse(PLAN);
    }
}
