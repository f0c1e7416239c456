package dev.sandgate.bench.sidebyside;

import dev.sandgate.bench.scenario.Placeholders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What a program says of its version. */
final class Version {

    private static final int SECONDS = 60;
    private static final int LONGEST = 60;

    private Version() {}

    /** The first line with a digit in it that the contender's command prints, cut at its end; empty: none came. */
    static String of(Contender contender) {
        if (contender.version().isEmpty()) {
            return "";
        }
        Placeholders placeholders = new Placeholders(Path.of("").toAbsolutePath(), contender.folder());
        List<String> command = new ArrayList<>(
                contender.version().stream().map(placeholders::filled).toList());
        Needs.program(command.get(0)).ifPresent(found -> command.set(0, found.toString()));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            // what it prints fits into the pipe, or is more than is wanted
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return printed.lines()
                    .filter(line -> line.chars().anyMatch(Character::isDigit))
                    .findFirst()
                    .map(line -> line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line)
                    .orElse("");
        } catch (IOException missing) {
            return "";
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
