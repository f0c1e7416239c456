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

    /** Reads documents, and asks for them. Any thread; never blocks. */
    @FunctionalInterface
    public interface Documents {

        /**
         * The whole document, at most 1 MiB, within 10 s; anything else fails. It comes on any thread.
         *
         * @param where an http, https or file URI
         */
        Future<Buffer> read(URI where);

        /**
         * What a form is answered with 200, at most 64 KiB, within 5 s; anything else fails. It comes on any thread.
         * Sent once more where the connection ended before an answer began.
         */
        default Future<Buffer> ask(Form form) {
            return Future.failedFuture(new UnsupportedOperationException("no form can be sent from here"));
        }
    }

    /**
     * A form that is sent by POST.
     *
     * @param to an https or http URI
     * @param authorization value of the field of that name
     * @param body {@code application/x-www-form-urlencoded}
     */
    public record Form(URI to, String authorization, String body) {

        /** Where it goes, and no secret. */
        @Override
        public String toString() {
            return "Form[" + to.getHost() + "]";
        }
    }
}
