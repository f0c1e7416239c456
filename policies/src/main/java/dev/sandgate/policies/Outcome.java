package dev.sandgate.policies;

import dev.sandgate.affinity.SessionKey;
import org.jspecify.annotations.Nullable;

/**
 * How a request ended.
 *
 * @param end in which way
 * @param bytesIn of its body
 * @param bytesOut of its answer's body
 * @param opened the session that it opened and that lives on; null: none
 */
public record Outcome(
        End end, long bytesIn, long bytesOut, @Nullable SessionKey opened) {

    /** Ways in which a request ends. */
    public enum End {
        /** With the instance's whole answer. */
        ANSWERED,
        /** The instance could not be reached, or broke off. */
        INSTANCE_FAILED,
        /** The client left first. */
        CLIENT_GONE,
        /** It was refused here. */
        REFUSED
    }
}
