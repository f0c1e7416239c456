package dev.sandgate.policies;

/** One question that a route asks of a request. Has no clock of its own and writes no answer. Any event loop. */
@FunctionalInterface
public interface Policy {

    /** Called once a request, on its event loop; must not block. */
    Verdict check(Seen seen);
}
