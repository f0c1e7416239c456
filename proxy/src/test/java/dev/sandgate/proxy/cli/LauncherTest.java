package dev.sandgate.proxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a checkout of its own, with a Java and a Maven that only write down how they were called. */
final class LauncherTest {

    private static final Instant BUILT = Instant.parse("2026-01-01T12:00:00Z");

    @TempDir
    private Path folder = Path.of("");

    private Path home = folder;
    private Path proxyJar = folder;

    private record Outcome(int exit, String out, String err) {}

    @BeforeEach
    void checkOut() throws IOException {
        home = Files.createDirectory(folder.resolve("check out"));
        script("check out/sandgate", Files.readString(Path.of("..", "sandgate")));
        file("check out/pom.xml");
        file("check out/conf/pom.xml");
        file("check out/conf/src/main/java/A.java");
        proxyJar = file("check out/proxy/target/sandgate-proxy.jar");
        file("check out/bench/target/sandgate-bench.jar");
        javaOf("17.0.15");
        script("bin/mvn", """
                #!/bin/sh
                echo "$JAVA_HOME" >> "%s/builds"
                echo "$@" >> "%s/goals"
                sleep 0.3
                case "$*" in
                  *-Pjmh*) mkdir -p proxy/target/jmh; printf a.jar:b.jar > proxy/target/jmh/classpath ;;
                  *) touch proxy/target/sandgate-proxy.jar bench/target/sandgate-bench.jar ;;
                esac
                """.formatted(folder, folder));
        try (var paths = Files.walk(home)) {
            for (Path path : paths.toList()) {
                Files.setLastModifiedTime(path, FileTime.from(BUILT));
            }
        }
    }

    @Test
    void startsWithoutAWordAndWithoutMavenWhenNothingChanged() throws Exception {
        Outcome outcome = launch("version", "two words");
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exit()).isEqualTo(7);
        assertThat(outcome.out()).endsWith("-jar\n" + proxyJar + "\nversion\ntwo words\n");
        assertThat(builds()).isEmpty();
    }

    @Test
    void buildsOnceWithTheSameJdkWhenASourceIsNewer() throws Exception {
        change("conf/src/main/java/A.java");
        assertThat(launch("version").err()).isEqualTo("sandgate: building (sources changed) with Java 17 ...\n");
        assertThat(launch("version").err()).isEmpty();
        assertThat(builds()).containsExactly(folder.resolve("jdk").toString());
    }

    @Test
    void buildsWhenAFileWasDeleted() throws Exception {
        Files.delete(home.resolve("conf/src/main/java/A.java"));
        launch("version");
        assertThat(builds()).hasSize(1);
    }

    @Test
    void buildsOnceWhenTwoStartAtTheSameTime() throws Exception {
        change("pom.xml");
        Process first = start(List.of("version"), "");
        Process second = start(List.of("version"), "");
        assertThat(List.of(finish(first).exit(), finish(second).exit())).containsExactly(7, 7);
        assertThat(builds()).hasSize(1);
    }

    @Test
    void startsTheBenchByItsFirstWordThroughALink() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), home.resolve("sandgate"));
        Process process =
                process(List.of(link.toString(), "bench", "sandbox"), "").start();
        assertThat(finish(process).out())
                .endsWith("-jar\n" + home.resolve("bench/target/sandgate-bench.jar") + "\nsandbox\n");
    }

    @Test
    void compilesTheBenchmarksApartAndRunsThemWithJmh() throws Exception {
        Path jmh = home.resolve("proxy/target/jmh");
        Outcome outcome = launch("bench", "micro", "Seal", "-f", "3");
        assertThat(outcome.err()).isEqualTo("sandgate: compiling the benchmarks with Java 17 ...\n");
        assertThat(outcome.exit()).isEqualTo(7);
        assertThat(outcome.out())
                .endsWith("-cp\n" + jmh.resolve("test-classes") + ":" + jmh.resolve("classes") + ":a.jar:b.jar\n"
                        + "org.openjdk.jmh.Main\n-prof\ngc\nSeal\n-f\n3\n");
        assertThat(Files.readString(folder.resolve("goals"))).contains("-Pjmh").doesNotContain("maven.test.skip");
        assertThat(launch("bench", "micro", "--help").out())
                .endsWith("-jar\n" + home.resolve("bench/target/sandgate-bench.jar") + "\nmicro\n--help\n");
    }

    @Test
    void runsNoBenchmarksWhereTheyDoNotCompile() throws Exception {
        script("bin/mvn", "#!/bin/sh\necho broken\nexit 1\n");
        Outcome outcome = launch("bench", "micro");
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err()).endsWith("broken\nsandgate: the benchmarks do not compile\n");
        assertThat(outcome.out()).isEmpty();
    }

    @Test
    void givesEachJavaOnlyTheFlagsThatItKnows() throws Exception {
        assertThat(launch("version").out()).doesNotContain("unsafe", "CompactObjectHeaders", "native-access");
        javaOf("25.0.3");
        assertThat(launch("version").out())
                .contains("--sun-misc-unsafe-memory-access=allow", "CompactObjectHeaders", "native-access");
    }

    @Test
    void addsTheOptionsOfTheEnvironment() throws Exception {
        Outcome outcome = finish(start(List.of("version"), "-Xmx64m -Da=b"));
        assertThat(outcome.out()).contains("-Xmx64m\n-Da=b\n-jar\n");
    }

    @Test
    void refusesAnOldJavaWith2() throws Exception {
        javaOf("1.8.0_402");
        Outcome outcome = launch("version");
        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.err()).contains("is Java 8 (expected: at least 17)");
    }

    private Outcome launch(String... args) throws IOException, InterruptedException {
        return finish(start(List.of(args), ""));
    }

    private Process start(List<String> args, String javaOptions) throws IOException {
        List<String> command = new ArrayList<>(args);
        command.add(0, home.resolve("sandgate").toString());
        return process(command, javaOptions).start();
    }

    private ProcessBuilder process(List<String> command, String javaOptions) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment()
                .put("SANDGATE_JAVA", folder.resolve("jdk/bin/java").toString());
        builder.environment().put("SANDGATE_JAVA_OPTS", javaOptions);
        builder.environment().merge("PATH", folder.resolve("bin").toString(), (path, mine) -> mine + ":" + path);
        return builder;
    }

    private static Outcome finish(Process process) throws IOException, InterruptedException {
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return new Outcome(process.exitValue(), out, err);
    }

    private List<String> builds() throws IOException {
        Path builds = folder.resolve("builds");
        return Files.exists(builds) ? Files.readAllLines(builds) : List.of();
    }

    private void change(String source) throws IOException {
        Files.setLastModifiedTime(home.resolve(source), FileTime.from(BUILT.plusSeconds(1)));
    }

    /** A Java that prints its arguments, a line each, and exits with 7. */
    private void javaOf(String version) throws IOException {
        script("jdk/bin/java", "#!/bin/sh\nprintf '%s\\n' \"$@\"\nexit 7\n");
        script("jdk/bin/javac", "#!/bin/sh\n");
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"" + version + "\"\n");
    }

    private Path file(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "");
    }

    private void script(String name, String text) throws IOException {
        Path script = Files.writeString(file(name), text);
        assertThat(script.toFile().setExecutable(true)).isTrue();
    }
}
