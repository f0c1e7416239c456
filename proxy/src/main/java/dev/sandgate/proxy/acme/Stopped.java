package dev.sandgate.proxy.acme;

/** An order goes no further, for no fault of anybody: the node closes, or another one took the order over. */
final class Stopped extends Exception {

    private static final long serialVersionUID = 1;

    Stopped(String why) {
        super(why, null, false, false);
    }
}
