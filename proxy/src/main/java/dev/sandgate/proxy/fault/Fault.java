package dev.sandgate.proxy.fault;

import dev.sandgate.affinity.Placement.Refused;
import java.time.Duration;

/**
 * A request that cannot go on: its reason, the status for this case, and what to tell. Carries no stack; only
 * {@link Reason#BUG} has a cause with one. Its text is safe to log and to send: no id, no secret.
 */
public final class Fault extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final int status;
    private final long retryAfterSeconds;

    private Fault(Reason reason, int status, String detail, long retryAfterSeconds, Throwable cause) {
        super(detail, cause, false, false);
        this.reason = reason;
        this.status = status;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    private Fault(Reason reason, int status, String detail, long retryAfterSeconds) {
        super(detail, null, false, false);
        this.reason = reason;
        this.status = status;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    public static Fault of(Reason reason) {
        return new Fault(reason, reason.status(), reason.title(), 0);
    }

    /**
     * With a text of its own.
     *
     * @param detail what exactly was wrong and what was expected; no id, no secret
     */
    public static Fault of(Reason reason, String detail) {
        return new Fault(reason, reason.status(), detail, 0);
    }

    /** An instance tells a session id that is another instance's, or another caller's. */
    public static Fault anothersId() {
        return of(Reason.INSTANCE_BROKEN, "The instance claims another's session id");
    }

    public static Fault of(Refused refused) {
        Reason reason = Reason.of(refused.why());
        return of(reason).retryAfter(refused.retryAfter());
    }

    /** A mistake of ours; the one kind that is logged with a stack. */
    public static Fault bug(Throwable cause) {
        if (cause instanceof Fault fault) {
            return fault;
        }
        return new Fault(Reason.BUG, Reason.BUG.status(), Reason.BUG.title(), 0, cause);
    }

    /** The same with another status: unreachable is 502 to a new session and 503 to a known one. */
    public Fault withStatus(int other) {
        return new Fault(reason, other, detail(), retryAfterSeconds);
    }

    /** The same with a hint when to come again, rounded up to whole seconds; zero: waiting does not help. */
    public Fault retryAfter(Duration wait) {
        long seconds = wait.isZero() ? 0 : Math.max(1, (wait.toMillis() + 999) / 1000);
        return new Fault(reason, status, detail(), seconds);
    }

    public Reason reason() {
        return reason;
    }

    public int status() {
        return status;
    }

    public String detail() {
        String message = getMessage();
        return message == null ? reason.title() : message;
    }

    /** Zero: no hint. */
    public long retryAfterSeconds() {
        return retryAfterSeconds;
    }
}
