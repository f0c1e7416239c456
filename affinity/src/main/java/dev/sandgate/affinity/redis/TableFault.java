package dev.sandgate.affinity.redis;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Redis did not do what it was asked, or nobody knows whether it did. Without a stack: it is expected. */
public final class TableFault extends RuntimeException {

    private static final long serialVersionUID = 1;
    private static final Pattern MOVED = Pattern.compile("MOVED [0-9]{1,5} (.*):([0-9]{1,5})");

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

    private static final Set<String> ELSEWHERE =
            Set.of("READONLY", "NOREPLICAS", "MASTERDOWN", "CLUSTERDOWN", "ASK", "MOVED");

    private final Reason reason;
    private final String message;
    /** The kind's name in Redis; empty where Redis did not say it. */
    private final String word;

    TableFault(Reason reason, String message) {
        this(reason, message, "");
    }

    private TableFault(Reason reason, String message, String word) {
        super(reason + ": " + message, null, false, false);
        this.reason = reason;
        this.message = message;
        this.word = word;
    }

    /** The same, which names the server. */
    TableFault at(Server server) {
        return new TableFault(reason, server + ": " + message, word);
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
            String kind = word.startsWith("-") ? word.substring(1) : word;
            Reason reason = reason(kind);
            if (reason != null) {
                return new TableFault(reason, error, kind);
            }
        }
        return new TableFault(Reason.BUG, error);
    }

    /** Whether another server may be the one to ask by now. */
    boolean elsewhere() {
        return ELSEWHERE.contains(word);
    }

    /** Where a cluster says that the slot is by now; then nothing was done. Of an unknown host, the port alone. */
    Optional<Server> movedTo() {
        Matcher moved = MOVED.matcher(message);
        return moved.matches()
                ? Optional.of(new Server(moved.group(1), Integer.parseInt(moved.group(2))))
                : Optional.empty();
    }

    /** Whether it does not do this for strangers. */
    static boolean wantsPassword(Throwable error) {
        String text = error.getMessage();
        return text != null && (text.startsWith("NOAUTH") || text.startsWith("NOPERM"));
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
