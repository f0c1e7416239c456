package dev.sandgate.policies;

import dev.sandgate.affinity.AlarmClock;
import dev.sandgate.affinity.RedisScripts;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What policies get from outside.
 *
 * @param nanos a clock that never goes back; any thread
 * @param clock the time of day; any thread
 * @param alarms for what is due later; any thread
 * @param documents reads what stands elsewhere
 * @param redis the table's; empty: the table is in memory
 */
public record Surroundings(
        LongSupplier nanos, InstantSource clock, AlarmClock alarms, Documents documents, Optional<RedisScripts> redis) {

    /** Reads documents. Any thread; never blocks. */
    @FunctionalInterface
    public interface Documents {

        /**
         * The whole document, at most 1 MiB, within 10 s; anything else fails. It comes on any thread.
         *
         * @param where an http, https or file URI
         */
        Future<Buffer> read(URI where);
    }
}
