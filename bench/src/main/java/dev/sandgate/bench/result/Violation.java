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
        WRONG_INSTANCE("wrong-instance", "another instance answered than the one that holds the session"),
        LOST_STATE("lost-state", "the session's instance answered, and knew nothing of what it was told before"),
        REORDERED("reordered", "what was sent later was heard earlier"),
        DUPLICATED("duplicated", "what was sent once was heard twice"),
        CAP_EXCEEDED("cap-exceeded", "an instance held more sessions at a time than it may"),
        HALF_BODY("half-body", "a body that was not whole was passed off as whole"),
        TOLD_TOO_EARLY("told-too-early", "an id was told before it worked"),
        WRONG_SESSION("wrong-session", "another session's answer came");

        private final String told;
        private final String meaning;

        Kind(String told, String meaning) {
            this.told = told;
            this.meaning = meaning;
        }

        /** As it stands in files, lines and assertions. */
        @JsonValue
        public String told() {
            return told;
        }

        /** In a few words, for who reads of it the first time. */
        public String meaning() {
            return meaning;
        }
    }
}
