package dev.sandgate.bench;

import dev.sandgate.bench.scenario.ScenarioReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Prints the schema of scenarios, for editors. */
@Command(name = "schema", description = "Prints the JSON Schema of scenarios.", mixinStandardHelpOptions = true)
final class SchemaCommand implements Callable<Integer> {

    private final PrintWriter out;

    SchemaCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() throws IOException {
        out.print(ScenarioReader.schemaText());
        out.flush();
        return 0;
    }
}
