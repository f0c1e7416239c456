package dev.sandgate.bench.result;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/**
 * A promise that was broken, how often, and the proof of the first few.
 *
 * @param count 1 or more
 * @param proofs what was asked and answered, a line each; at most {@value #PROOFS}
 */
public record Violation(Kind kind, long count, List<String> proofs) {

    /** How many proofs are kept. */
    public static final int PROOFS = 20;

    /** What a door can do wrong to a session. */
    public enum Kind {
        /** Another instance answered than the one that holds the session. */
        WRONG_INSTANCE("wrong-instance"),
        /** The session's instance answered, and knew nothing of what it was told before. */
        LOST_STATE("lost-state"),
        /** What was sent later was heard earlier. */
        REORDERED("reordered"),
        /** What was sent once was heard twice. */
        DUPLICATED("duplicated"),
        /** An instance held more sessions at a time than it may. */
        CAP_EXCEEDED("cap-exceeded"),
        /** A body that was not whole was passed off as whole. */
        HALF_BODY("half-body"),
        /** An id was told before it worked. */
        TOLD_TOO_EARLY("told-too-early"),
        /** Another session's answer. */
        WRONG_SESSION("wrong-session");

        private final String told;

        Kind(String told) {
            this.told = told;
        }

        /** As it stands in files, lines and assertions. */
        @JsonValue
        public String told() {
            return told;
        }
    }
}
