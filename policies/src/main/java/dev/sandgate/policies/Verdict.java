package dev.sandgate.policies;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a policy says of a request. */
public sealed interface Verdict {

    /** It may go on, and nobody needs to hear how it ends. */
    Pass PASS = new Pass(Optional.empty());

    /**
     * It may go on.
     *
     * @param aftermath hears how it ends
     */
    record Pass(Optional<Aftermath> aftermath) implements Verdict {}

    /**
     * It may go on, and this is who calls.
     *
     * @param principal for all policies after this one, and the session
     * @param remove lower-case names of fields that the instance does not get
     */
    record Change(Principal principal, List<String> remove) implements Verdict {}

    /**
     * It goes no further.
     *
     * @param why the kind of refusal
     * @param detail for a person; no id, no secret
     * @param retryAfter when it may help to come again; zero: it never does
     * @param limit the limit that it met
     * @param challenge value of {@code WWW-Authenticate} (RFC 9110 section 11.6.1)
     */
    record Refuse(Why why, String detail, Duration retryAfter, Optional<Limit> limit, Optional<String> challenge)
            implements Verdict {

        public static Refuse of(Why why, String detail) {
            return new Refuse(why, detail, Duration.ZERO, Optional.empty(), Optional.empty());
        }

        public static Refuse of(Why why, String detail, Duration retryAfter) {
            return new Refuse(why, detail, retryAfter, Optional.empty(), Optional.empty());
        }
    }

    /** It asks elsewhere. The answer comes on any thread, is never another of these, and does not fail. */
    record Later(Future<Verdict> verdict) implements Verdict {}

    /**
     * A limit as clients are told of it (draft-ietf-httpapi-ratelimit-headers-10).
     *
     * @param quota permits in each window
     * @param window not zero
     * @param remaining permits left
     * @param reset until there are more
     */
    record Limit(long quota, Duration window, long remaining, Duration reset) {}

    /** Kinds of refusal. */
    enum Why {
        /** No credential that we take. */
        UNAUTHENTICATED,
        /** This caller may not do that. */
        FORBIDDEN,
        /** Too often. */
        RATE_LIMITED,
        /** Too many requests or streams at the same time. */
        CONCURRENCY_LIMITED,
        /** Too many sessions of one owner. */
        SESSIONS_LIMITED,
        /** The bytes that may go by have gone by. */
        BUDGET_SPENT,
        /** Those of a higher class go first. */
        SHED,
        /** What stands behind fails too often, and is left alone for a while. */
        BREAKER_OPEN,
        /** The policy cannot be asked: what it needs from elsewhere is away. */
        POLICY_UNAVAILABLE
    }
}
