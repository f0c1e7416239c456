package dev.sandgate.policies.limit;

import dev.sandgate.policies.Verdict;

/** Gives permits, to each key so many. Any thread. */
@FunctionalInterface
interface Limiter {

    /** One permit of this key; or a refusal that says when there is one. */
    Verdict take(Object key);
}
