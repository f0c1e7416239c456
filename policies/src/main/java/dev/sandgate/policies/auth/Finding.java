package dev.sandgate.policies.auth;

import dev.sandgate.policies.Verdict;
import io.vertx.core.Future;

/** What an authenticator makes of a request. */
sealed interface Finding {

    /** There is no credential of its kind. */
    Absent ABSENT = new Absent();

    /** It cannot be told now: the keys are not there. */
    Away AWAY = new Away();

    /** No credential of its kind; the next authenticator is asked. */
    record Absent() implements Finding {}

    /**
     * It is known who calls. Made once and kept where the credential is kept, so that finding it again costs nothing.
     *
     * @param trusted the verdict where the peer is a proxy that is believed
     * @param other the verdict for anybody else
     */
    record Known(Verdict.Change trusted, Verdict.Change other) implements Finding {}

    /** A credential of its kind that is not taken. */
    record Flawed(Flaw flaw) implements Finding {}

    /** Nobody can say whether the credential is good. */
    record Away() implements Finding {}

    /** It is being asked for: the finding is not another of these, comes on any thread, and does not fail. */
    record Asked(Future<Finding> finding) implements Finding {}
}
