package dev.sandgate.proxy.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What to start.
 *
 * @param name the instance's, for the log
 * @param program an absolute path, or a name without slash that is looked for in {@code PATH}
 * @param arguments as the program gets them: no shell comes between
 * @param env variables beside those that any program needs
 * @param cwd the folder in which it runs
 * @param port the one that it got from {@link Children#freePort}, its own until it has ended
 */
public record Launch(String name, String program, List<String> arguments, Map<String, String> env, Path cwd, int port) {

    /** What a child has of the node's own environment. All else may be a secret. */
    private static final Set<String> HANDED_ON = Set.of(
            "PATH",
            "HOME",
            "USER",
            "LOGNAME",
            "SHELL",
            "LANG",
            "LANGUAGE",
            "TZ",
            "TMPDIR",
            "JAVA_HOME",
            "SANDGATE_JAVA");

    private static final String LOCALE = "LC_";
    private static final String PATH = "PATH";

    /**
     * A process that is ready to be started.
     *
     * @throws IOException where the program is not to be found
     */
    ProcessBuilder prepare(String mark) throws IOException {
        Map<String, String> variables = new HashMap<>();
        System.getenv().forEach((name, value) -> {
            if (HANDED_ON.contains(name) || name.startsWith(LOCALE)) {
                variables.put(name, value);
            }
        });
        variables.putAll(env);
        variables.put(Mark.VARIABLE, mark);
        String path = variables.getOrDefault(PATH, "");
        List<String> command = new ArrayList<>();
        // a session of its own: Ctrl+C in the terminal of the node is for the node alone
        search("setsid", path).ifPresent(setsid -> command.add(setsid.toString()));
        command.add(found(path));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(cwd.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        builder.environment().clear();
        builder.environment().putAll(variables);
        return builder;
    }

    private String found(String path) throws IOException {
        if (program.indexOf('/') >= 0) {
            return program;
        }
        return search(program, path)
                .map(Path::toString)
                .orElseThrow(() -> new IOException("there is no program " + program + " in PATH (" + path + ")"));
    }

    private static Optional<Path> search(String program, String path) {
        for (String folder : path.split(File.pathSeparator, -1)) {
            Path file = Path.of(folder.isEmpty() ? "." : folder, program);
            if (Files.isRegularFile(file) && Files.isExecutable(file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }
}
