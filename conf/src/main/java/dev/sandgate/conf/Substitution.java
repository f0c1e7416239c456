package dev.sandgate.conf;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Replaces {@code ${env:NAME}} and {@code ${file:PATH}}; a doubled dollar sign before the brace stands for itself. What
 * was put in is not searched again, and no complaint ever shows it.
 */
final class Substitution {

    static final int LARGEST_FILE = 1024 * 1024;

    /** Of a text that nothing is put into: each reference is refused. */
    static final Substitution NONE = new Substitution(Map.of(), Path.of(""), false);

    private static final String ENV = "env:";
    private static final String FILE = "file:";
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,255}");

    private final Map<String, String> environment;
    private final Path folder;
    private final boolean replaces;

    /** @param folder that the paths of {@code ${file:}} are relative to */
    Substitution(Map<String, String> environment, Path folder) {
        this(environment, folder, true);
    }

    private Substitution(Map<String, String> environment, Path folder, boolean replaces) {
        this.environment = environment;
        this.folder = folder;
        this.replaces = replaces;
    }

    Path folder() {
        return folder;
    }

    /** Whether anything of this text is to be replaced. */
    static boolean isLiteral(String text) {
        for (int at = text.indexOf("${"); at >= 0; at = text.indexOf("${", at + 2)) {
            if (at == 0 || text.charAt(at - 1) != '$') {
                return false;
            }
        }
        return true;
    }

    /**
     * The text with every reference replaced, but for the blanks; empty where one of them is unfit.
     *
     * @param blanks the names of those that are filled in later
     * @param complaint takes, for each unfit one, what was expected of it
     */
    Optional<Template> replace(String text, Set<String> blanks, Consumer<String> complaint) {
        List<Template.Part> parts = new ArrayList<>();
        StringBuilder replaced = new StringBuilder();
        boolean good = true;
        int at = 0;
        while (at < text.length()) {
            if (text.startsWith("$${", at)) {
                replaced.append("${");
                at += 3;
            } else if (text.startsWith("${", at)) {
                int end = text.indexOf('}', at);
                if (end < 0) {
                    complaint.accept("a closing } after ${; $${ stands for a literal ${");
                    return Optional.empty();
                }
                String reference = text.substring(at + 2, end);
                if (blanks.contains(reference)) {
                    parts.add(new Template.Text(replaced.toString()));
                    parts.add(new Template.Blank(reference));
                    replaced.setLength(0);
                } else {
                    Optional<String> value = valueOf(reference, blanks, complaint);
                    good &= value.isPresent();
                    replaced.append(value.orElse(""));
                }
                at = end + 1;
            } else {
                replaced.append(text.charAt(at++));
            }
        }
        parts.add(new Template.Text(replaced.toString()));
        return good ? Optional.of(new Template(List.copyOf(parts))) : Optional.empty();
    }

    private Optional<String> valueOf(String reference, Set<String> blanks, Consumer<String> complaint) {
        if (!replaces) {
            complaint.accept(
                    "a text without references, which only the config file may hold; $${ stands for a literal ${");
            return Optional.empty();
        }
        if (reference.startsWith(ENV)) {
            return variable(reference.substring(ENV.length()), complaint);
        }
        if (reference.startsWith(FILE)) {
            return content(reference.substring(FILE.length()), complaint);
        }
        StringBuilder known = new StringBuilder();
        blanks.stream()
                .sorted()
                .forEach(blank -> known.append("${").append(blank).append("}, "));
        complaint.accept(known + "${env:NAME} or ${file:PATH}; $${ stands for a literal ${");
        return Optional.empty();
    }

    private Optional<String> variable(String name, Consumer<String> complaint) {
        if (!NAME.matcher(name).matches()) {
            complaint.accept("the name of an environment variable after ${env:, letters, digits and _");
            return Optional.empty();
        }
        Optional<String> value = Optional.ofNullable(environment.get(name));
        if (value.isEmpty()) {
            complaint.accept("the environment variable " + name + "; it is not set");
        }
        return value;
    }

    private Optional<String> content(String path, Consumer<String> complaint) {
        if (path.isEmpty() || path.contains("${")) {
            complaint.accept("the path of a file after ${file:, without another reference in it");
            return Optional.empty();
        }
        try {
            return text(folder.resolve(path), complaint);
        } catch (InvalidPathException notAPath) {
            complaint.accept("the path of a file after ${file:");
            return Optional.empty();
        }
    }

    /**
     * The text of a file, without its last newline; empty where that cannot be had.
     *
     * @param complaint takes what was expected then
     */
    static Optional<String> text(Path file, Consumer<String> complaint) {
        String shown = Shown.text(file.normalize().toString());
        try {
            // Only a regular file is sure to end.
            if (Files.isRegularFile(file)) {
                return content(file, shown, complaint);
            }
            complaint.accept("a file at " + shown + "; there is none");
        } catch (CharacterCodingException binary) {
            complaint.accept("text in UTF-8 in " + shown);
        } catch (IOException failed) {
            complaint.accept("a file that this user may read at " + shown);
        }
        return Optional.empty();
    }

    private static Optional<String> content(Path file, String shown, Consumer<String> complaint) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(LARGEST_FILE + 1);
        }
        if (bytes.length > LARGEST_FILE) {
            complaint.accept("a file of at most 1 MiB at " + shown);
            return Optional.empty();
        }
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
        return Optional.of(withoutLastNewline(text));
    }

    private static String withoutLastNewline(String text) {
        if (text.endsWith("\r\n")) {
            return text.substring(0, text.length() - 2);
        }
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }
}
