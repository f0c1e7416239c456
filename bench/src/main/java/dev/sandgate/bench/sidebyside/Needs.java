package dev.sandgate.bench.sidebyside;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What contenders need of this machine: looked for, never installed. */
final class Needs {

    /** Where Debian keeps servers; not in everybody's path. */
    private static final List<String> SERVERS = List.of("/usr/sbin", "/usr/local/sbin");

    private Needs() {}

    /** What is not there, each with what brings it: {@code haproxy (apt-get install haproxy)}. */
    static List<String> missing(Contender contender) {
        List<String> missing = new ArrayList<>();
        for (Map.Entry<String, String> need : contender.needs().entrySet()) {
            String what = need.getKey();
            boolean there = what.contains("/")
                    ? Files.exists(contender.folder().resolve(what))
                    : program(what).isPresent();
            if (!there) {
                missing.add(what + " (" + need.getValue() + ")");
            }
        }
        return missing;
    }

    /** A program by its name, as a shell would find it, or among the servers; empty for what is a path already. */
    static Optional<Path> program(String name) {
        if (name.isEmpty() || name.contains("/")) {
            return Optional.empty();
        }
        List<String> folders = new ArrayList<>(
                List.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator, -1)));
        folders.addAll(SERVERS);
        return folders.stream()
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
