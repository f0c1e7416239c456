package dev.sandgate.bench.sandbox;

/** A request that is answered with an error status and a word why. Has no stack: it is an answer, not a bug. */
final class Refused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;

    Refused(int status, String why) {
        super(why, null, false, false);
        this.status = status;
    }

    static Refused badRequest(String why) {
        return new Refused(400, why);
    }

    int status() {
        return status;
    }

    /** Why, in one line for the client. */
    String why() {
        return String.valueOf(getMessage());
    }
}
