package dev.sandgate.proxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SandgateTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void suggestsTheCommandThatWasMeant() {
        assertThat(execute("validat", "a.json")).isEqualTo(2);
        assertThat(err.toString()).contains("'validat'").contains("sandgate validate");
    }

    @Test
    void asksForTheFileThatIsMissing() {
        assertThat(execute("run")).isEqualTo(2);
        assertThat(err.toString()).contains("Missing required parameter: 'FILE'");
    }

    @Test
    void asksForACommand() {
        assertThat(execute()).isEqualTo(2);
        assertThat(err.toString()).contains("Missing required subcommand");
    }

    @Test
    void listsEveryCommandInTheHelp() {
        assertThat(execute("--help")).isZero();
        assertThat(out.toString()).contains("run", "validate", "version", "bench");
    }

    @Test
    void tellsTheVersionsOfWhatItStandsOn() {
        assertThat(execute("version")).isZero();
        assertThat(out.toString()).contains("Java     " + Runtime.version().feature());
        assertThat(out.toString()).containsPattern("Vert\\.x   \\d+\\.\\d+").containsPattern("Netty    \\d+\\.\\d+");
    }

    @Test
    void refusesAConfigThatIsNotThere(@TempDir Path folder) {
        String file = folder.resolve("none.json").toString();
        assertThat(execute("validate", file)).isEqualTo(2);
        assertThat(execute("run", file)).isEqualTo(2);
        assertThat(err.toString().lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).startsWith(file + ": ").contains("(expected: "));
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void pointsToTheLauncherForTheBench() {
        assertThat(execute("bench", "sandbox", "now")).isEqualTo(2);
        assertThat(err.toString()).contains("./sandgate bench");
    }

    private int execute(String... args) {
        return Sandgate.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(args);
    }
}
