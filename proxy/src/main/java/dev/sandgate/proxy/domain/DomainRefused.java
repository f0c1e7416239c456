package dev.sandgate.proxy.domain;

/** A domain that is not taken, or not changed. Its message names what is wrong and what was expected; never a secret. */
public final class DomainRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Why {
        /** Something in it cannot be used. */
        UNFIT,
        /** The config has this host. */
        TAKEN,
        /** There are as many as there may be. */
        FULL,
        /** It is not what the operator saw any more. */
        CHANGED
    }

    private final Why why;

    DomainRefused(Why why, String message) {
        super(message, null, false, false);
        this.why = why;
    }

    static DomainRefused unfit(String message) {
        return new DomainRefused(Why.UNFIT, message);
    }

    public Why why() {
        return why;
    }
}
