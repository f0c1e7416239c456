package dev.sandgate.proxy.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What Linux tells of processes under {@code /proc}, beyond what the JDK asks. Elsewhere it knows nothing of any. Blocks. */
final class Proc {

    private static final Path PROCESSES = Path.of("/proc");
    /** Fields of {@code stat} by their place behind the program's name. */
    private static final int STATE = 0;

    private static final int SESSION = 3;

    private Proc() {}

    /** The processes of this user whose environment has this variable with this value. */
    static Predicate<ProcessHandle> having(String variable, String value) {
        byte[] wanted = (variable + "=" + value).getBytes(StandardCharsets.US_ASCII);
        return process -> holds(folder(process).resolve("environ"), wanted);
    }

    /**
     * The processes of the session that this one began, also after it is over: the system gives its id to no other
     * while anybody is in the session. None where another has it.
     */
    static Predicate<ProcessHandle> inSessionOf(ProcessHandle leader) {
        boolean anothers = ProcessHandle.of(leader.pid())
                .filter(process -> !process.equals(leader))
                .isPresent();
        String session = Long.toString(leader.pid());
        return process -> !anothers && field(process, SESSION).equals(session);
    }

    /** Those that are so. Takes some milliseconds. */
    static List<ProcessHandle> all(Predicate<ProcessHandle> wanted) {
        if (!Files.isDirectory(PROCESSES)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(PROCESSES)) {
            // the handle before the look: what gets the id of one that ended in between is another process to it
            return entries.filter(entry -> Character.isDigit(name(entry).charAt(0)))
                    .flatMap(entry -> ProcessHandle.of(Long.parseLong(name(entry))).stream())
                    .filter(wanted)
                    .toList();
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    /** Whether it is over and only waits for its parent to notice: it holds nothing any more, and cannot be ended. */
    static boolean isZombie(ProcessHandle process) {
        return field(process, STATE).equals("Z");
    }

    /** One field of {@code stat}; empty where it is over. */
    private static String field(ProcessHandle process, int number) {
        try {
            String stat = Files.readString(folder(process).resolve("stat"), StandardCharsets.ISO_8859_1);
            // the fields follow the program's name, which may hold anything
            String[] fields = stat.substring(stat.lastIndexOf(')') + 1).trim().split(" ", SESSION + 2);
            return number < fields.length ? fields[number] : "";
        } catch (IOException overOrNotLinux) {
            return "";
        }
    }

    private static Path folder(ProcessHandle process) {
        return PROCESSES.resolve(Long.toString(process.pid()));
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
