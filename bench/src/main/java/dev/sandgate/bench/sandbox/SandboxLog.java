package dev.sandgate.bench.sandbox;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * What a sandbox writes down of its sessions, for a judge who trusts nobody else: a line for each event, {@code MICROS
 * INCARNATION EVENT COUNT ID}, where MICROS are those since 1970, EVENT is {@code open}, {@code use} or {@code end}, and
 * ID is the rest of the line. Appended to: an incarnation that follows goes on in the same file.
 *
 * <p>Calls are serialized by {@link Sessions}. What a killed process had not yet handed to the system (at most a tenth of
 * a second, or 8 KiB) is missing.
 */
final class SandboxLog implements AutoCloseable {

    private static final long FLUSH_MICROS = 100_000;

    private final String incarnation;
    private final Optional<BufferedWriter> out;
    private long flushed;

    private SandboxLog(String incarnation, Optional<BufferedWriter> out) {
        this.incarnation = incarnation;
        this.out = out;
    }

    /** Opens it; an empty file writes nothing down. */
    static SandboxLog open(String incarnation, Optional<Path> file) {
        return new SandboxLog(incarnation, file.map(SandboxLog::writer));
    }

    /** To be told in answers too, so that a witness can hold both against each other; empty where nothing is written. */
    Optional<String> told() {
        return out.map(writer -> incarnation);
    }

    void opened(String id) {
        line("open", 0, id);
    }

    void used(String id, long count) {
        line("use", count, id);
    }

    void ended(String id) {
        line("end", 0, id);
    }

    @Override
    public void close() {
        out.ifPresent(writer -> {
            try {
                writer.close();
            } catch (IOException full) {
                throw new UncheckedIOException(full);
            }
        });
    }

    private void line(String event, long count, String id) {
        if (out.isEmpty()) {
            return;
        }
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        BufferedWriter writer = out.get();
        try {
            writer.write(micros + " " + incarnation + " " + event + " " + count + " " + id + "\n");
            if (micros - flushed > FLUSH_MICROS) {
                writer.flush();
                flushed = micros;
            }
        } catch (IOException full) {
            throw new UncheckedIOException("a sandbox's log cannot be written", full);
        }
    }

    private static BufferedWriter writer(Path file) {
        try {
            return Files.newBufferedWriter(
                    file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }
}
