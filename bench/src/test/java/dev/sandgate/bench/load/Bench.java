package dev.sandgate.bench.load;

import dev.sandgate.bench.result.Assertion;
import dev.sandgate.bench.result.Progress;
import dev.sandgate.bench.result.Result;
import dev.sandgate.bench.scenario.Placeholders;
import dev.sandgate.bench.scenario.ScenarioReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Runs a scenario as the command does, through a door of the test's own. */
final class Bench {

    private final Path dir;

    Bench(Path dir) {
        this.dir = dir;
    }

    /**
     * Runs a scenario in whose text {@code DOOR} stands for the door's URL.
     *
     * @param door is given the ports of the sandboxes, of which there are so many
     */
    Result run(String scenario, int sandboxes, Function<List<Integer>, CrookedDoor> door) throws Exception {
        Placeholders placeholders = new Placeholders(dir, dir);
        List<Integer> ports = IntStream.rangeClosed(1, sandboxes)
                .mapToObj(n -> placeholders.port("s" + n))
                .toList();
        try (CrookedDoor opened = door.apply(ports)) {
            return run(scenario.replace("DOOR", "http://127.0.0.1:" + opened.port()), placeholders);
        }
    }

    Result run(String scenario) throws Exception {
        return run(scenario, new Placeholders(dir, dir));
    }

    private Result run(String scenario, Placeholders placeholders) throws Exception {
        Path file = Files.writeString(dir.resolve("scenario.json"), scenario);
        ScenarioReader.Read read = ScenarioReader.read(file, placeholders);
        List<Assertion> assertions = read.scenario().assertions().stream()
                .flatMap(text -> Assertion.parse(text).stream())
                .toList();
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        Progress progress =
                new Progress(out, false, Duration.ZERO, read.scenario().duration());
        return new BenchRun(read, placeholders, dir, progress, Optional.empty(), assertions).run();
    }
}
