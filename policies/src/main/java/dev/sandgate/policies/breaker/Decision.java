package dev.sandgate.policies.breaker;

import dev.sandgate.policies.Aftermath;
import dev.sandgate.policies.Verdict.Refuse;

/** Whether a request may go to the instance that was chosen for it. */
public sealed interface Decision {

    /** It may. Whoever sends it tells this how it went. */
    non-sealed interface Go extends Decision, Aftermath {

        /** Its last byte is with the instance: from here on the answer takes its time. */
        void sent();
    }

    /** Not to this one; perhaps to another. */
    record NotThere(Refuse refusal) implements Decision {}

    /** To none of the pool. */
    record Nowhere(Refuse refusal) implements Decision {}
}
