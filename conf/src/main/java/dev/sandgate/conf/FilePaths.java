package dev.sandgate.conf;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** The shape of a path to a file that is there and can be read; the result is absolute. */
final class FilePaths {

    private FilePaths() {}

    /** @param what the file is, with its article */
    static Shape<Path> readable(String what) {
        String expected = "the path of " + what;
        return Shape.of(expected, value -> {
            Optional<String> text = value.text(expected);
            return text.isEmpty() ? Optional.empty() : resolve(value, text.get(), expected);
        });
    }

    private static Optional<Path> resolve(Value value, String text, String expected) {
        try {
            Path file = value.context()
                    .substitution()
                    .folder()
                    .resolve(text)
                    .toAbsolutePath()
                    .normalize();
            String at = Shown.text(file.toString());
            if (text.isEmpty()) {
                return value.refuse(expected);
            }
            if (Files.isDirectory(file)) {
                return value.refuse(expected, "; " + at + " is a folder");
            }
            if (!Files.isRegularFile(file)) {
                return value.refuse(expected, "; there is no file at " + at);
            }
            return Files.isReadable(file)
                    ? Optional.of(file)
                    : value.refuse(expected, "; this user may not read " + at);
        } catch (InvalidPathException notAPath) {
            return value.refuse(expected);
        }
    }
}
