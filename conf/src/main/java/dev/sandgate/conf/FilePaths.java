package dev.sandgate.conf;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** Shapes of paths, relative to the config file's folder; the result is absolute. */
final class FilePaths {

    private FilePaths() {}

    /**
     * A file that is there and can be read.
     *
     * @param what the file is, with its article
     */
    static Shape<Path> readable(String what) {
        return path("the path of " + what, FilePaths::whyNotReadable);
    }

    /** As {@link #readable}, a file that can be run. */
    static Shape<Path> runnable(String what) {
        return path("the path of " + what, file -> whyNotReadable(file)
                .or(() -> Files.isExecutable(file)
                        ? Optional.empty()
                        : Optional.of("this user may not run " + shown(file))));
    }

    /** A folder that is there. */
    static Shape<Path> folder(String what) {
        return path(
                "the path of " + what,
                folder -> Files.isDirectory(folder)
                        ? Optional.empty()
                        : Optional.of("there is no folder at " + shown(folder)));
    }

    /** A folder, or a place where one can be made. */
    static Shape<Path> futureFolder(String what) {
        return path(
                "the path of " + what,
                folder -> Files.exists(folder) && !Files.isDirectory(folder)
                        ? Optional.of(shown(folder) + " is no folder")
                        : Optional.empty());
    }

    private static Optional<String> whyNotReadable(Path file) {
        if (Files.isDirectory(file)) {
            return Optional.of(shown(file) + " is a folder");
        }
        if (!Files.isRegularFile(file)) {
            return Optional.of("there is no file at " + shown(file));
        }
        return Files.isReadable(file) ? Optional.empty() : Optional.of("this user may not read " + shown(file));
    }

    private static String shown(Path path) {
        return Shown.text(path.toString());
    }

    /** @param objection what is wrong with what stands there; empty: nothing */
    private static Shape<Path> path(String expected, Function<Path, Optional<String>> objection) {
        return Shape.of(expected, value -> {
            Optional<String> text = value.text(expected);
            return text.isEmpty() ? Optional.empty() : resolve(value, text.get(), expected, objection);
        });
    }

    private static Optional<Path> resolve(
            Value value, String text, String expected, Function<Path, Optional<String>> objection) {
        if (text.isEmpty()) {
            return value.refuse(expected);
        }
        try {
            Path path = value.context()
                    .substitution()
                    .folder()
                    .resolve(text)
                    .toAbsolutePath()
                    .normalize();
            Optional<String> wrong = objection.apply(path);
            return wrong.isEmpty() ? Optional.of(path) : value.refuse(expected, "; " + wrong.get());
        } catch (InvalidPathException notAPath) {
            return value.refuse(expected);
        }
    }
}
