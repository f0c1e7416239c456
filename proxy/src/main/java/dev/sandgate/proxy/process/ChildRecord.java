package dev.sandgate.proxy.process;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is written down of a child, so that a later node knows it again.
 *
 * @param mark random, in the environment of the child and of whatever it starts
 * @param name the instance's
 * @param seen the process as it was seen; empty: it was about to be started
 */
record ChildRecord(String mark, String name, Optional<Seen> seen) {

    /**
     * A process at some moments of its life.
     *
     * @param pid the operating system gives it to others later
     * @param start to a hundredth of a second; the same process may be told a whole second apart after a restart of
     *     whoever asks, since the JDK counts from the system's start, which it knows to the second
     * @param programs the files that it ran: a script becomes its interpreter, and that what it executes at the end
     */
    record Seen(long pid, Instant start, List<String> programs) {

        private static final long SECOND_MILLIS = 1000;

        /** Empty where it is over. */
        static Optional<Seen> of(ProcessHandle process) {
            ProcessHandle.Info info = process.info();
            return info.startInstant()
                    .map(start -> new Seen(
                            process.pid(), start, info.command().map(List::of).orElse(List.of())));
        }

        /** Whether this is the process that was seen: id, start and program are the same. */
        boolean is(ProcessHandle process) {
            ProcessHandle.Info info = process.info();
            boolean sameStart = info.startInstant()
                    .map(other -> Math.abs(Duration.between(start, other).toMillis()))
                    .map(apart -> apart == 0 || apart == SECOND_MILLIS)
                    .orElse(false);
            return process.pid() == pid
                    && sameStart
                    && info.command().map(programs::contains).orElse(false);
        }

        /** The same process, seen once more. */
        Seen and(Seen later) {
            return new Seen(
                    pid,
                    start,
                    Stream.concat(programs.stream(), later.programs.stream())
                            .distinct()
                            .toList());
        }
    }

    /** What is left of it: nobody where another process has its id by now, and none carries its mark. */
    Kin kin() {
        return new Kin(
                mark,
                seen.stream()
                        .flatMap(process ->
                                ProcessHandle.of(process.pid()).stream().filter(process::is))
                        .toList(),
                Optional.empty());
    }

    String toJson() {
        JsonObject json = new JsonObject().put("mark", mark).put("name", name);
        seen.ifPresent(process -> json.put("pid", process.pid())
                .put("start", process.start().toString())
                .put("programs", new JsonArray(process.programs())));
        return json.encodePrettily();
    }

    /** Empty where it is none of ours, or was not written whole. */
    static Optional<ChildRecord> read(String text) {
        try {
            JsonObject json = new JsonObject(text);
            String mark = json.getString("mark", "");
            String name = json.getString("name", "");
            Optional<Seen> seen = json.containsKey("pid")
                    ? Optional.of(new Seen(
                            json.getLong("pid"),
                            json.getInstant("start"),
                            json.getJsonArray("programs").stream()
                                    .map(String::valueOf)
                                    .toList()))
                    : Optional.empty();
            return Mark.fits(mark) ? Optional.of(new ChildRecord(mark, name, seen)) : Optional.empty();
        } catch (DecodeException | ClassCastException | NullPointerException | DateTimeException unfit) {
            return Optional.empty();
        }
    }
}
