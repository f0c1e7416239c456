package dev.sandgate.proxy.tls;

/** A certificate or its key cannot be used: which one, and what is wrong with it. Has no stack, for nothing here broke. */
public final class FlawedKey extends Exception {

    private static final long serialVersionUID = 1;

    FlawedKey(String where, String what) {
        super(where + ": " + what, null, false, false);
    }
}
