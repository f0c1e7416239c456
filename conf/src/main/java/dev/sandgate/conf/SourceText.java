package dev.sandgate.conf;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** The characters of a config file: UTF-8, of bounded length, with or without a byte order mark. */
final class SourceText {

    static final int LARGEST = 10 * 1024 * 1024;

    private SourceText() {}

    static Optional<String> read(Path file, Problems problems) {
        if (Files.isDirectory(file)) {
            return refuse(problems, file + " is a folder", "a file; a folder of files is not built yet");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                return refuse(problems, file + " is larger than 10 MiB", "a config of at most 10 MiB");
            }
            return decode(bytes, problems);
        } catch (NoSuchFileException missing) {
            return refuse(problems, "no file at " + file, "a config file");
        } catch (AccessDeniedException denied) {
            return refuse(problems, "no permission to read " + file, "a file that this user may read");
        } catch (IOException failed) {
            return refuse(problems, file + " cannot be read: " + failed.getMessage(), "a readable file");
        }
    }

    private static Optional<String> decode(byte[] bytes, Problems problems) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer chars = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), chars, true);
        String text = chars.flip().toString();
        if (result.isError()) {
            problems.add(misread(bytes, text));
            return Optional.empty();
        }
        return Optional.of(text.startsWith("\uFEFF") ? text.substring(1) : text);
    }

    private static Problem misread(byte[] bytes, String before) {
        int first = bytes[0] & 0xff;
        boolean utf16 = bytes.length > 1 && (first == 0xff || first == 0xfe) && (first ^ (bytes[1] & 0xff)) == 1;
        int lineStart = before.lastIndexOf('\n') + 1;
        int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
        return new Problem(
                "",
                utf16 ? "text in UTF-16" : "bytes that are not UTF-8",
                "a file saved as UTF-8",
                line,
                before.length() - lineStart + 1);
    }

    private static Optional<String> refuse(Problems problems, String found, String expected) {
        problems.add(new Problem("", found, expected, 0, 0));
        return Optional.empty();
    }
}
