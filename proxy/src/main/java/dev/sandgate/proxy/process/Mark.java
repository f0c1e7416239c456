package dev.sandgate.proxy.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What tells our children from all other processes: a random word in their environment, which whatever they start
 * inherits, also when it leaves its parent. Where there is no {@code /proc} to read it from, nothing is found by it.
 */
final class Mark {

    /** The variable that holds it. */
    static final String VARIABLE = "SANDGATE_CHILD";

    private static final Pattern FORM = Pattern.compile("[0-9a-f]{32}");
    private static final Path PROCESSES = Path.of("/proc");
    private static final SecureRandom RANDOM = new SecureRandom();

    private Mark() {}

    static String made() {
        byte[] bits = new byte[16];
        RANDOM.nextBytes(bits);
        return HexFormat.of().formatHex(bits);
    }

    static boolean fits(String mark) {
        return FORM.matcher(mark).matches();
    }

    /** The processes that carry this mark now. Reads the environment of every process of this user: some milliseconds. */
    static List<ProcessHandle> bearers(String mark) {
        byte[] wanted = (VARIABLE + "=" + mark).getBytes(StandardCharsets.US_ASCII);
        List<ProcessHandle> found = new ArrayList<>();
        if (!Files.isDirectory(PROCESSES)) {
            return found;
        }
        try (Stream<Path> entries = Files.list(PROCESSES)) {
            entries.filter(entry ->
                            Character.isDigit(entry.getFileName().toString().charAt(0)))
                    .filter(entry -> holds(entry.resolve("environ"), wanted))
                    .map(entry -> Long.parseLong(entry.getFileName().toString()))
                    .forEach(pid -> ProcessHandle.of(pid).ifPresent(found::add));
        } catch (IOException unreadable) {
            // then nothing is found by its mark, as on a system without it
            return found;
        }
        return found;
    }

    private static boolean holds(Path environment, byte[] wanted) {
        byte[] all;
        try {
            all = Files.readAllBytes(environment);
        } catch (IOException foreignOrOver) {
            return false;
        }
        for (int at = 0; at + wanted.length <= all.length; at++) {
            boolean begins = at == 0 || all[at - 1] == 0;
            boolean ends = at + wanted.length == all.length || all[at + wanted.length] == 0;
            if (begins && ends && Arrays.equals(all, at, at + wanted.length, wanted, 0, wanted.length)) {
                return true;
            }
        }
        return false;
    }
}
