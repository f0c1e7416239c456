package dev.sandgate.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

final class BenchCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void saysInOneLineThatThePortIsTakenAndExitsWith1() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            assertThat(execute("sandbox", "--port", port, "--name", "b")).isEqualTo(1);
            assertThat(err.toString().lines())
                    .containsExactly("sandbox b cannot listen on 127.0.0.1:" + port + ": Address already in use");
            assertThat(out.toString()).isEmpty();
        }
    }

    @Test
    void refusesOptionsThatMakeNoSenseWith2() {
        assertThat(execute("sandbox")).isEqualTo(2);
        assertThat(err.toString()).contains("Missing required option: '--port=PORT'");
        assertThat(execute("sandbox", "--port", "70000")).isEqualTo(2);
        assertThat(err.toString()).contains("port: 70000 (expected: 0 to 65535)");
        assertThat(execute("sandbocks")).isEqualTo(2);
    }

    @Test
    void namesItsCommandsInTheHelp() {
        assertThat(execute("--help")).isZero();
        assertThat(out.toString()).contains("sandgate bench", "sandbox");
    }

    @Test
    void leavesTheBenchmarksToTheLauncher() {
        assertThat(execute("micro", "Seal", "-f", "3")).isEqualTo(2);
        assertThat(err.toString().strip()).endsWith("from the sources: ./sandgate bench micro Seal -f 3");
        assertThat(execute("micro", "--help")).isZero();
        assertThat(out.toString()).contains("./sandgate bench micro [REGEX]", "Maven");
    }

    private int execute(String... args) {
        return BenchCommand.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(args);
    }
}
