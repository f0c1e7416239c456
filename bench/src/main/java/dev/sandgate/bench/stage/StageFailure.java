package dev.sandgate.bench.stage;

import java.util.List;

/** A program did not start, or a fault could not be made; the message says which, and what it said last. */
public final class StageFailure extends Exception {

    private static final long serialVersionUID = 1L;

    /** Of several things that went wrong. */
    public static StageFailure of(List<String> troubles) {
        return new StageFailure(String.join("\n", troubles));
    }

    StageFailure(String message) {
        super(message);
    }

    StageFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
