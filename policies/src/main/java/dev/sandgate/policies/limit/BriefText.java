package dev.sandgate.policies.limit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Texts as parts of keys. Clients choose some of them, and what is remembered of a key must not grow with them. */
final class BriefText {

    private static final int LONGEST = 100;

    private BriefText() {}

    /** The text itself, or what stands for it where it is long. */
    static String of(String text) {
        return text.length() <= LONGEST ? text : digest(text);
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return "sha256:" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JVM has SHA-256", missing);
        }
    }
}
