package dev.sandgate.conf;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the {@code instances} of a pool whose type is {@code process}. */
final class ProcessReader {

    static final int MOST = 10_000;

    private static final Set<String> BLANKS = Set.of("port", "instance");
    private static final Set<String> OURS = Set.of("PORT", "SANDGATE_CHILD");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,255}");
    private static final String VARIABLE_RULE = "the name of an environment variable: letters, digits and _";
    private static final String COMMAND = "a list of a program and its arguments, such as [\"./server\", \"${port}\"]";
    private static final int MOST_ARGUMENTS = 1000;
    /** What a request to an instance itself asks for. */
    static final Shape<String> ASKED =
            Scalars.text("a path that begins with /, such as \"/healthz\"", Pattern.compile("/[!-~]*"));

    private static final Duration SHORTEST = Duration.ofMillis(1);

    private ProcessReader() {}

    static Optional<InstancesConfig> read(Section section) {
        Optional<InstancesConfig.Command> command = section.need("command", Shape.of(COMMAND, ProcessReader::command));
        Map<String, Template> env = section.find("env", env()).orElse(Map.of());
        Path cwd = section.find("cwd", FilePaths.folder("the folder to run in"))
                .orElse(section.context().substitution().folder());
        Optional<Integer> min = section.find("min", Scalars.whole(0, MOST));
        Optional<Integer> max = section.need("max", Scalars.whole(1, MOST));
        if (min.isPresent() && max.isPresent() && min.get() > max.get()) {
            section.take("min").ifPresent(value -> value.refuse("at most max, which is " + max.get()));
        }
        Optional<String> ready = section.find("ready", ASKED);
        Duration start = section.find("startTimeout", Durations.atLeast(SHORTEST))
                .orElse(InstancesConfig.Processes.START_TIMEOUT);
        Duration idle = section.find("idleStop", Durations.atLeast(Duration.ofSeconds(1)))
                .orElse(InstancesConfig.Processes.IDLE_STOP);
        Duration stop = section.find("stopTimeout", Durations.any()).orElse(InstancesConfig.Processes.STOP_TIMEOUT);
        section.end();
        return command.flatMap(run -> max.map(
                most -> new InstancesConfig.Processes(run, env, cwd, min.orElse(0), most, ready, start, idle, stop)));
    }

    private static Optional<InstancesConfig.Command> command(Value value) {
        Optional<List<Value>> items = value.items(COMMAND);
        if (items.isEmpty()) {
            return Optional.empty();
        }
        if (items.get().isEmpty() || items.get().size() > MOST_ARGUMENTS) {
            return value.refuse(COMMAND);
        }
        Optional<String> program = program(items.get().get(0));
        List<Template> arguments = new ArrayList<>();
        for (Value item : items.get().subList(1, items.get().size())) {
            template(item, "an argument").ifPresent(arguments::add);
        }
        return program.map(run -> new InstancesConfig.Command(run, List.copyOf(arguments)));
    }

    /** A name for {@code PATH} as it is; with a slash, the file that it names. */
    private static Optional<String> program(Value value) {
        String expected = "a program: a name that is in PATH, or the path of a file that may be run";
        Optional<String> text = value.text(expected);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (text.get().isBlank() || text.get().indexOf('\0') >= 0) {
            return value.refuse(expected);
        }
        return text.get().indexOf('/') < 0
                ? text
                : FilePaths.runnable("a program").read(value).map(Path::toString);
    }

    private static Optional<Template> template(Value value, String what) {
        Optional<Template> read = value.template(what, BLANKS);
        boolean torn = read.stream()
                .flatMap(template -> template.parts().stream())
                .anyMatch(part ->
                        part instanceof Template.Text text && text.text().indexOf('\0') >= 0);
        return torn ? value.refuse(what + " without NUL characters") : read;
    }

    private static Shape<Map<String, Template>> env() {
        String expected = "an object of environment variables";
        return Shape.of(expected, value -> value.section(expected).map(section -> {
            Map<String, Template> read = new LinkedHashMap<>();
            section.members().forEach((name, member) -> {
                if (!VARIABLE.matcher(name).matches()) {
                    refuse(section, member, name, VARIABLE_RULE);
                } else if (OURS.contains(name)) {
                    refuse(section, member, name, "another variable; Sandgate sets " + name + " itself");
                }
                template(new Value(member.value(), section.context()), "the variable's value")
                        .ifPresent(text -> read.put(name, text));
            });
            return Collections.unmodifiableMap(read);
        }));
    }

    private static void refuse(Section section, Node.Member member, String name, String expected) {
        section.context().problems().add(member.key(), "\"" + Shown.text(name) + "\"", expected);
    }
}
