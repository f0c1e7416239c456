package dev.sandgate.proxy.acme;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeNetworkException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.shredzone.acme4j.exception.AcmeServerException;

/** Why an authority gave no certificate. Carries no stack: whoever ordered tells of it in a line. */
final class AuthorityFault extends Exception {

    private static final long serialVersionUID = 1;
    private static final int LONGEST_DETAIL = 300;

    private final String type;
    private final boolean general;
    private final @Nullable Instant retryAt;

    private AuthorityFault(String type, String detail, boolean general, @Nullable Instant retryAt) {
        super(detail, null, false, false);
        this.type = type;
        this.general = general;
        this.retryAt = retryAt;
    }

    /** Something that is about the one order. */
    static AuthorityFault of(String type, String detail) {
        return new AuthorityFault(type, line(detail), false, null);
    }

    static AuthorityFault of(Problem problem) {
        return of(problem.getType().toString(), problem.toString());
    }

    static AuthorityFault of(AcmeException why) {
        if (why instanceof AcmeServerException told) {
            Instant retryAt = why instanceof AcmeRateLimitedException limited
                    ? limited.getRetryAfter().orElse(null)
                    : null;
            return new AuthorityFault(told.getType().toString(), line(told.getMessage()), false, retryAt);
        }
        Throwable cause = why.getCause();
        String detail = cause == null ? why.getMessage() : cause.toString();
        // an answer without a problem in it comes from what stands before the authority
        return new AuthorityFault(
                why instanceof AcmeNetworkException ? "unreachable" : "no problem was told", line(detail), true, null);
    }

    /** The same, said of every order: of the account, not of a name. */
    AuthorityFault inGeneral() {
        return new AuthorityFault(type, detail(), true, retryAt);
    }

    // An authority quotes what it was answered by whoever holds the domain.
    private static String line(@Nullable String text) {
        String told = text == null ? "" : text;
        String cut = told.length() > LONGEST_DETAIL ? told.substring(0, LONGEST_DETAIL) + "..." : told;
        return cut.replaceAll("[^ -~]", "?");
    }

    /** The problem's type as the authority names it (RFC 8555 section 6.7), or a word of ours. */
    String type() {
        return type;
    }

    /** In one line of printable ASCII. */
    String detail() {
        String detail = getMessage();
        return detail == null ? "" : detail;
    }

    /** Whether no other order would fare better now. */
    boolean isGeneral() {
        return general;
    }

    /** The authority does not want to hear of it before. */
    Optional<Instant> retryAt() {
        return Optional.ofNullable(retryAt);
    }
}
