package dev.sandgate.proxy.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What Linux tells of processes under {@code /proc}, beyond what the JDK asks. Elsewhere it knows nothing of any. Blocks. */
final class Proc {

    private static final Path PROCESSES = Path.of("/proc");

    private Proc() {}

    /** The processes of this user whose environment has this variable with this value. Takes some milliseconds. */
    static List<ProcessHandle> having(String variable, String value) {
        byte[] wanted = (variable + "=" + value).getBytes(StandardCharsets.US_ASCII);
        if (!Files.isDirectory(PROCESSES)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(PROCESSES)) {
            return entries.filter(entry -> Character.isDigit(name(entry).charAt(0)))
                    .filter(entry -> holds(entry.resolve("environ"), wanted))
                    .flatMap(entry -> ProcessHandle.of(Long.parseLong(name(entry))).stream())
                    .toList();
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    /** Whether it is over and only waits for its parent to notice: it holds nothing any more, and cannot be ended. */
    static boolean isZombie(ProcessHandle process) {
        try {
            String stat = Files.readString(
                    PROCESSES.resolve(Long.toString(process.pid())).resolve("stat"), StandardCharsets.ISO_8859_1);
            // the state follows the program's name, which may hold anything
            int state = stat.lastIndexOf(')') + 2;
            return state < stat.length() && stat.charAt(state) == 'Z';
        } catch (IOException overOrNotLinux) {
            return false;
        }
    }

    private static String name(Path entry) {
        return String.valueOf(entry.getFileName());
    }

    private static boolean holds(Path environment, byte[] wanted) {
        byte[] all;
        try {
            all = Files.readAllBytes(environment);
        } catch (IOException foreignOrOver) {
            return false;
        }
        for (int at = 0; at + wanted.length <= all.length; at++) {
            int end = at + wanted.length;
            boolean whole = (at == 0 || all[at - 1] == 0) && (end == all.length || all[end] == 0);
            if (whole && Arrays.equals(all, at, end, wanted, 0, wanted.length)) {
                return true;
            }
        }
        return false;
    }
}
