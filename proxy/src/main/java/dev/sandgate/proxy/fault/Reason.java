package dev.sandgate.proxy.fault;

import dev.sandgate.affinity.Placement.Why;
import dev.sandgate.policies.Verdict;
import java.util.Locale;

/**
 * Why a request was refused or cut: the machine-readable {@code reason} of a refusal, of the access log and of metrics.
 * The one table from reasons to statuses.
 */
public enum Reason {
    REQUEST_MALFORMED(400, Side.CLIENT, "The request is not valid HTTP"),
    HOST_INVALID(400, Side.CLIENT, "A request needs exactly one valid Host"),
    PATH_INVALID(400, Side.CLIENT, "The path has dot segments, control characters or a broken escape"),
    SESSION_MALFORMED(400, Side.CLIENT, "The session id is not 1 to 1024 visible ASCII characters, once"),
    UNAUTHENTICATED(401, Side.CLIENT, "No credential that is taken here came with the request"),
    FORBIDDEN(403, Side.CLIENT, "This caller may not come in here"),
    METHOD_REFUSED(405, Side.CLIENT, "This method is not served"),
    REQUEST_TIMEOUT(408, Side.CLIENT, "The request's body did not arrive in time"),
    BODY_TOO_LARGE(413, Side.CLIENT, "The request's body is larger than what is taken here"),
    TARGET_TOO_LONG(414, Side.CLIENT, "The request target is longer than this listener takes"),
    EXPECTATION_FAILED(417, Side.CLIENT, "Only the expectation 100-continue is known"),
    RATE_LIMITED(429, Side.CLIENT, "Too many requests"),
    CONCURRENCY_LIMITED(429, Side.CLIENT, "Too many requests at the same time"),
    SESSIONS_LIMITED(429, Side.CLIENT, "Too many sessions of one owner"),
    HEAD_TOO_LARGE(431, Side.CLIENT, "The request's fields are larger than this listener takes"),
    VERSION_UNSUPPORTED(505, Side.CLIENT, "This HTTP version cannot carry the request or its answer"),
    ROUTE_UNKNOWN(404, Side.CLIENT, "No route takes this host and path"),
    SESSION_UNKNOWN(404, Side.CLIENT, "Nobody knows this session"),
    SESSION_EXPIRED(404, Side.CLIENT, "The session has expired"),
    SESSION_ENDED(404, Side.CLIENT, "The session was ended"),
    SESSION_LOST(404, Side.INSTANCE, "The session's instance is gone, and its state with it"),
    SESSION_ENDING(503, Side.DOOR, "The session was ended a moment ago and its home is full"),
    POOL_FULL(503, Side.DOOR, "Every instance of the pool is full"),
    NO_INSTANCE(503, Side.INSTANCE, "The pool has no instance that takes sessions"),
    START_FAILED(503, Side.INSTANCE, "No instance of the pool could be started"),
    TABLE_UNAVAILABLE(503, Side.DOOR, "The session table does not answer"),
    SHED(503, Side.DOOR, "The pool is nearly full, and others go first"),
    POLICY_UNAVAILABLE(503, Side.DOOR, "A policy cannot be asked now"),
    /** To a known session too: it stays where it is. */
    BREAKER_OPEN(503, Side.INSTANCE, "What stands behind fails too often, and is left alone for a while"),
    /** Nothing but a new session, or another key, helps. */
    BUDGET_SPENT(429, Side.CLIENT, "The bytes that may go by have gone by"),
    CLIENT_TOO_SLOW(408, Side.CLIENT, "The client sends or takes bytes more slowly than it may"),
    /** The connection is for another name (RFC 9110 section 15.5.20): the client makes one of its own for this one. */
    MISDIRECTED(421, Side.CLIENT, "This connection was made for another name than the request"),
    INSTANCE_BUSY(503, Side.INSTANCE, "No connection to the instance became free in time"),
    SHUTTING_DOWN(503, Side.DOOR, "This node is shutting down"),
    /** To the client of a known session, 503: the session may survive. To a new one, 502: every candidate was tried. */
    INSTANCE_UNREACHABLE(502, Side.INSTANCE, "No connection to an instance could be made"),
    INSTANCE_BROKEN(502, Side.INSTANCE, "The instance hung up or answered with something that is not valid HTTP"),
    INSTANCE_TIMEOUT(504, Side.INSTANCE, "The instance did not answer in time"),
    LOOP_DETECTED(508, Side.DOOR, "The request passed through this node before"),
    /** The client left first; 499 stands in the log only. */
    CLIENT_GONE(499, Side.CLIENT, "The client left"),
    /** The answer was cut after its head was sent; the status in the log is the answer's own. */
    ANSWER_CUT(502, Side.INSTANCE, "The instance's answer ended half-way"),
    STREAM_IDLE(504, Side.INSTANCE, "No byte moved in either direction for too long"),
    BUG(500, Side.DOOR, "Something went wrong in this node");

    /** Whose fault it is. */
    public enum Side {
        CLIENT,
        INSTANCE,
        DOOR
    }

    private final int status;
    private final Side side;
    private final String title;
    private final String slug;

    Reason(int status, Side side, String title) {
        this.status = status;
        this.side = side;
        this.title = title;
        this.slug = name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public int status() {
        return status;
    }

    public Side side() {
        return side;
    }

    /** One sentence for a person, the same for every request. */
    public String title() {
        return title;
    }

    /** As machines read it: {@code pool-full}. */
    public String slug() {
        return slug;
    }

    /** Whether it tells a client that its session is not here (any more). */
    public boolean isSession() {
        return this == SESSION_UNKNOWN || this == SESSION_EXPIRED || this == SESSION_ENDED || this == SESSION_LOST;
    }

    /** What a refusal by a policy is called towards clients. */
    public static Reason of(Verdict.Why why) {
        return switch (why) {
            case UNAUTHENTICATED -> UNAUTHENTICATED;
            case FORBIDDEN -> FORBIDDEN;
            case RATE_LIMITED -> RATE_LIMITED;
            case CONCURRENCY_LIMITED -> CONCURRENCY_LIMITED;
            case SESSIONS_LIMITED -> SESSIONS_LIMITED;
            case BUDGET_SPENT -> BUDGET_SPENT;
            case SHED -> SHED;
            case BREAKER_OPEN -> BREAKER_OPEN;
            case POLICY_UNAVAILABLE -> POLICY_UNAVAILABLE;
        };
    }

    /** Whether it means that the pool has no instance for a request that may go to any. */
    public boolean isWantOfAnInstance() {
        return this == POOL_FULL
                || this == NO_INSTANCE
                || this == START_FAILED
                || this == BREAKER_OPEN
                || this == INSTANCE_UNREACHABLE;
    }

    /** What a refusal of the table is called towards clients. */
    public static Reason of(Why why) {
        return switch (why) {
            case POOL_FULL -> POOL_FULL;
            case NO_INSTANCE -> NO_INSTANCE;
            case START_FAILED -> START_FAILED;
            case SESSION_UNKNOWN -> SESSION_UNKNOWN;
            case SESSION_EXPIRED -> SESSION_EXPIRED;
            case SESSION_ENDED -> SESSION_ENDED;
            case SESSION_LOST -> SESSION_LOST;
            case SESSION_ENDING -> SESSION_ENDING;
            case SESSION_IN_USE, TABLE_UNAVAILABLE -> TABLE_UNAVAILABLE;
            case WITHDRAWN -> CLIENT_GONE;
        };
    }
}
