package dev.sandgate.bench.sidebyside;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.sandgate.bench.load.BenchRun;
import dev.sandgate.bench.result.Progress;
import dev.sandgate.bench.result.Result;
import dev.sandgate.bench.result.ResultFile;
import dev.sandgate.bench.scenario.BadScenario;
import dev.sandgate.bench.scenario.Placeholders;
import dev.sandgate.bench.scenario.Scenario;
import dev.sandgate.bench.scenario.ScenarioReader;
import dev.sandgate.bench.scenario.ScenarioReader.Read;
import dev.sandgate.bench.stage.StageFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** How a heat is made. */
@FunctionalInterface
interface Course {

    /**
     * Makes it, from the start of its programs to their end.
     *
     * @param folder its own; made where it is not there
     * @throws StageFailure where a program did not start
     * @throws BadScenario where plan and contender make no scenario together
     */
    Result run(Heat heat, Path folder) throws StageFailure, BadScenario, IOException, InterruptedException;

    /** As {@code bench run} makes it, with its progress written there; the folder holds scenario, result and logs. */
    static Course real(PrintWriter progress) {
        ObjectWriter json = new ObjectMapper().writerWithDefaultPrettyPrinter();
        return (heat, folder) -> {
            Files.createDirectories(folder);
            Path file = folder.resolve("scenario.json");
            Files.writeString(file, json.writeValueAsString(heat.whole()) + "\n");
            Placeholders placeholders =
                    new Placeholders(folder, heat.contender().folder());
            Read read = ScenarioReader.read(file, placeholders);
            Scenario scenario = read.scenario();
            try (Progress told =
                    new Progress(progress, Progress.isTerminal(2), scenario.warmUp(), scenario.duration())) {
                Result result = new BenchRun(read, placeholders, folder, told, Optional.empty(), List.of()).run();
                ResultFile.write(folder.resolve("result.json"), result);
                return result;
            }
        };
    }
}
