package dev.sandgate.affinity.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.Source;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The names under which sessions stand in Redis: a letter for the source, then keyed hashes, of which the first is of
 * the id, so that who knows an id and the key finds it, and who reads Redis learns no id. Safe from any thread.
 */
final class SessionNames {

    private static final int ID_BYTES = 16;
    private static final int PRINCIPAL_BYTES = 8;
    private static final int KEY_BYTES = 32;

    private final SecretKeySpec secret;

    /** @param secret the same on every node, 32 bytes at least */
    SessionNames(byte[] secret) {
        if (secret.length < KEY_BYTES) {
            throw new IllegalArgumentException(
                    "a key of " + secret.length + " bytes (expected: at least " + KEY_BYTES + ")");
        }
        this.secret = new SecretKeySpec(secret, "HmacSHA256");
    }

    /** Where the client chose the id, its principal is part of the name. */
    String name(SessionKey key) {
        String id = letter(key.source())
                + hash(ID_BYTES, "id", key.pool(), key.source().name(), key.id());
        return key.source().clientChosen() ? id + "." + principal(key) : id;
    }

    /** What is compared where the principal is not part of the name; else empty. */
    String owner(SessionKey key) {
        return key.source().clientChosen() ? "" : principal(key);
    }

    /** Stands for a session whose id this node does not know. */
    static SessionKey unknown(String pool, String name) {
        for (Source source : Source.values()) {
            if (letter(source).charAt(0) == name.charAt(0)) {
                return new SessionKey(pool, source, "#" + name, "");
            }
        }
        throw new IllegalStateException("a session's name in Redis begins with \"" + name.charAt(0) + "\"");
    }

    private String principal(SessionKey key) {
        return hash(PRINCIPAL_BYTES, "principal", key.pool(), key.source().name(), key.principal());
    }

    private String hash(int bytes, String... parts) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(secret);
            for (String part : parts) {
                byte[] encoded = part.getBytes(UTF_8);
                // Each part with its length: no two lists of parts read the same.
                mac.update((encoded.length + ":").getBytes(UTF_8));
                mac.update(encoded);
            }
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(mac.doFinal(), bytes));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JVM has HmacSHA256", missing);
        }
    }

    private static String letter(Source source) {
        return switch (source) {
            case HEADER -> "h";
            case COOKIE -> "c";
            case QUERY -> "q";
            case PATH -> "p";
            case HOST -> "o";
            case PRINCIPAL -> "r";
            case MCP -> "m";
        };
    }
}
