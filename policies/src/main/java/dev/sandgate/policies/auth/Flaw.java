package dev.sandgate.policies.auth;

/** What is wrong with a credential, as far as whoever brought it may know. */
enum Flaw {
    MISSING(false, "This asks for a credential, and there is none that is taken here"),
    TWICE(false, "The credential is there more than once"),
    SUBJECT(false, "What the proxy in front says of the caller is not usable"),
    API_KEY(false, "The API key is not known"),
    CERTIFICATE(false, "The client's certificate names nobody who is known here"),
    CERTIFICATE_EXPIRED(false, "The client's certificate has expired"),
    MALFORMED(true, "The token is not one that is taken here"),
    SIGNATURE(true, "The token's signature is not by a key that is trusted here"),
    ISSUER(true, "The token is not from an issuer that is trusted here"),
    AUDIENCE(true, "The token is not for this audience"),
    INACTIVE(true, "The token's issuer does not take it any more, or never did"),
    EXPIRED(true, "The token has expired"),
    EARLY(true, "The token is not yet valid");

    private final boolean token;
    private final String detail;

    Flaw(boolean token, String detail) {
        this.token = token;
        this.detail = detail;
    }

    /** Whether it is a bearer token's (RFC 6750 section 3.1: {@code invalid_token}). */
    boolean ofToken() {
        return token;
    }

    String detail() {
        return detail;
    }
}
