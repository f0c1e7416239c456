package dev.sandgate.conf;

import java.time.Duration;

/**
 * How many sessions an instance holds, and how long one lives.
 *
 * @param perInstance slots of one instance, 1 to 1,000,000
 * @param idleTimeout from the end of the last request to the session's end; at least 1 s
 * @param maxLifetime from the session's opening to its end, used or not; at least {@code idleTimeout}
 * @param unusedTimeout the idle timeout of a session that was never used after its first request; at most
 *     {@code idleTimeout}
 * @param onLost what a client of a lost session is told
 * @param reuseId whether an id that ended may open a new session
 * @param rememberEnded how long ended ids are remembered, at least 1 s
 * @param lostAfter how long an instance may be unreachable before its sessions are lost; zero: at once
 * @param recycle whether an instance serves one session, ever, and is then replaced; only with one slot
 */
public record SessionsConfig(
        int perInstance,
        Duration idleTimeout,
        Duration maxLifetime,
        Duration unusedTimeout,
        OnLost onLost,
        boolean reuseId,
        Duration rememberEnded,
        Duration lostAfter,
        boolean recycle) {

    public static final SessionsConfig DEFAULT = new SessionsConfig(
            10,
            Duration.ofMinutes(30),
            Duration.ofHours(24),
            Duration.ofMinutes(5),
            OnLost.REJECT,
            true,
            Duration.ofHours(1),
            Duration.ofSeconds(30),
            false);

    /** What a client of a lost session is told. */
    public enum OnLost {
        /** 404, {@code session-lost}. */
        REJECT,
        /** Nothing: the id opens a new session on another instance. The old state is gone. */
        REBIND
    }
}
