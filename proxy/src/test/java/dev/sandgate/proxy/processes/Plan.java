package dev.sandgate.proxy.processes;

import dev.sandgate.conf.InstancesConfig;
import dev.sandgate.conf.Template;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The {@code instances} of a pool of {@link SmallServer small servers}, changed where the test wants it otherwise. */
final class Plan {

    private static final Duration LONG = Duration.ofSeconds(60);

    private final List<String> habits;
    private final Map<String, Template> env = new HashMap<>();
    private int min;
    private int max = 4;
    private Optional<String> ready = Optional.of("/healthz");
    private Duration startTimeout = LONG;
    private Duration idleStop = LONG;
    private Duration stopTimeout = Duration.ofSeconds(5);

    private Plan(List<String> habits) {
        this.habits = habits;
    }

    static Plan of(String... habits) {
        return new Plan(List.of(habits));
    }

    Plan range(int least, int most) {
        min = least;
        max = most;
        return this;
    }

    Plan readyWhenItTakesConnections() {
        ready = Optional.empty();
        return this;
    }

    Plan startTimeout(Duration timeout) {
        startTimeout = timeout;
        return this;
    }

    Plan idleStop(Duration idle) {
        idleStop = idle;
        return this;
    }

    Plan stopTimeout(Duration patience) {
        stopTimeout = patience;
        return this;
    }

    Plan env(String name, String before, String blank) {
        env.put(name, new Template(List.of(new Template.Text(before), new Template.Blank(blank))));
        return this;
    }

    InstancesConfig.Processes config() {
        List<Template> arguments = new ArrayList<>();
        for (String flag : javaFlags()) {
            arguments.add(text(flag));
        }
        arguments.add(new Template(List.of(new Template.Blank("port"))));
        arguments.add(new Template(List.of(new Template.Blank("instance"))));
        habits.forEach(habit -> arguments.add(text(habit)));
        return new InstancesConfig.Processes(
                new InstancesConfig.Command(java(), arguments),
                env,
                Path.of("").toAbsolutePath(),
                min,
                max,
                ready,
                startTimeout,
                idleStop,
                stopTimeout);
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** What makes a JVM small, and this class its program. */
    static List<String> javaFlags() {
        return List.of(
                "-Xmx24m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-cp",
                Path.of("target", "test-classes").toAbsolutePath().toString(),
                SmallServer.class.getName());
    }

    private static Template text(String text) {
        return new Template(List.of(new Template.Text(text)));
    }
}
