package dev.sandgate.affinity.redis;

import org.jspecify.annotations.Nullable;

/** Redis did not do what it was asked, or nobody knows whether it did. Without a stack: it is expected. */
public final class TableFault extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** What went wrong. Of all but {@link #BUG} waiting helps. */
    public enum Reason {
        /** There is no connection now, or it broke: what was on its way may have been done. */
        UNREACHABLE,
        /** No answer in time. It may still be done later. */
        TIMEOUT,
        /** Too much is on its way already; this was not sent. */
        OVERLOADED,
        /** Redis runs somebody's long script. */
        BUSY,
        /** It is a replica, or its replicas are too few. */
        READ_ONLY,
        /** Its memory is full. */
        FULL,
        /** It is starting, saves badly, or its cluster is moving this key. */
        NOT_READY,
        /** It wants another user or password, or forbids a command. */
        FORBIDDEN,
        /** The link was closed here. */
        CLOSED,
        /** It refused for another reason: ours. */
        BUG
    }

    private final Reason reason;

    TableFault(Reason reason, String message) {
        super(reason + ": " + message, null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /**
     * Reads an error of Redis. Redis has no numbers for them: the first word is the kind, and an error inside a script
     * comes as a sentence of which the kind is a word with a minus sign (up to 6.2), or the first (from 7.0 on).
     */
    static TableFault of(String error) {
        for (String word : error.split("\\s+", 40)) {
            Reason reason = reason(word.startsWith("-") ? word.substring(1) : word);
            if (reason != null) {
                return new TableFault(reason, error);
            }
        }
        return new TableFault(Reason.BUG, error);
    }

    static boolean scriptIsMissing(Throwable error) {
        String text = error.getMessage();
        return text != null && text.startsWith("NOSCRIPT");
    }

    private static @Nullable Reason reason(String word) {
        return switch (word) {
            // The client's own word for what was on its way when the connection broke.
            case "CONNECTION_CLOSED" -> Reason.UNREACHABLE;
            case "BUSY" -> Reason.BUSY;
            case "READONLY", "NOREPLICAS", "MASTERDOWN" -> Reason.READ_ONLY;
            case "OOM" -> Reason.FULL;
            case "LOADING", "MISCONF", "CLUSTERDOWN", "TRYAGAIN", "ASK", "MOVED" -> Reason.NOT_READY;
            case "NOAUTH", "WRONGPASS", "NOPERM" -> Reason.FORBIDDEN;
            default -> null;
        };
    }
}
