package dev.sandgate.proxy.identify;

import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.fault.Reason;
import java.security.SecureRandom;
import java.util.Base64;

/** What a session id may look like, and ids of our own making. Any thread. */
public final class SessionIds {

    private static final int MAX_LENGTH = 1024;
    private static final SecureRandom RANDOM = new SecureRandom();

    private SessionIds() {}

    /**
     * The same id where it is 1 to 1,024 visible ASCII characters.
     *
     * @throws Fault {@link Reason#SESSION_MALFORMED}
     */
    static String checked(String id) {
        if (!isWellFormed(id)) {
            throw Fault.of(Reason.SESSION_MALFORMED);
        }
        return id;
    }

    /** Whether it is 1 to 1,024 visible ASCII characters. */
    static boolean isWellFormed(String id) {
        for (int at = 0; at < id.length(); at++) {
            char c = id.charAt(at);
            if (c <= 0x20 || c >= 0x7F) {
                return false;
            }
        }
        return !id.isEmpty() && id.length() <= MAX_LENGTH;
    }

    /** 128 random bits nobody can guess, 22 characters fit for a header, a cookie and a path. */
    public static String made() {
        byte[] bits = new byte[16];
        RANDOM.nextBytes(bits);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
    }
}
