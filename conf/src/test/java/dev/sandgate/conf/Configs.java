package dev.sandgate.conf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What became of a config in a test: all of it, or its problems, or the test fails. */
final class Configs {

    private Configs() {}

    /** The ready config files. */
    static List<String> examples() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("examples"))) {
            Stream<String> examples = files.map(Path::toString)
                    .filter(name -> name.endsWith(".json"))
                    .sorted();
            return Stream.concat(Stream.of("quickstart.json"), examples).toList();
        }
    }

    static SandgateConfig loaded(Reading reading) {
        if (reading instanceof Reading.Loaded loaded) {
            return loaded.config();
        }
        throw new AssertionError(String.join("\n", lines(reading)));
    }

    /** Each problem of a broken reading, each warning of a loaded one, as an operator sees it. */
    static List<String> lines(Reading reading) {
        List<Problem> told =
                reading instanceof Reading.Broken broken ? broken.problems() : ((Reading.Loaded) reading).warnings();
        return told.stream().map(Problem::toString).toList();
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
