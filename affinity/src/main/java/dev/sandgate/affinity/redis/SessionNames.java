package dev.sandgate.affinity.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.Source;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
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
    private static final int CHECK_BYTES = 6;

    private final List<SecretKeySpec> secrets;
    private final String ids;

    /** @param keys the same on every node: the first names new sessions, all find them; 32 bytes each at least */
    SessionNames(List<Key> keys) {
        this.ids = keys.stream()
                .map(key -> Words.of(key.id()) + "~" + hash(secret(key), CHECK_BYTES, "check"))
                .collect(Collectors.joining("|"));
        this.secrets = keys.stream().map(SessionNames::secret).toList();
    }

    /** A key, and what it is called where nobody may see it. */
    record Key(String id, String secret) {}

    private static SecretKeySpec secret(Key key) {
        byte[] secret = key.secret().getBytes(UTF_8);
        if (secret.length < KEY_BYTES) {
            throw new IllegalArgumentException(
                    "key " + key.id() + " has " + secret.length + " bytes (expected: at least " + KEY_BYTES + ")");
        }
        return new SecretKeySpec(secret, "HmacSHA256");
    }

    /**
     * What the keys are called, the first first: the id, then what only their secret makes of it. Two nodes that give one
     * name to different keys must notice, for neither finds the other's sessions.
     */
    String ids() {
        return ids;
    }

    /**
     * Under which names it may stand, the one for a new session first, parted by bars. Where the client chose the id, its
     * principal is part of the name.
     */
    String name(SessionKey key) {
        return secrets.stream().map(secret -> name(secret, key)).collect(Collectors.joining("|"));
    }

    /** The one for a new session. */
    String newest(SessionKey key) {
        return name(secrets.get(0), key);
    }

    private static String name(SecretKeySpec secret, SessionKey key) {
        String stem = stem(secret, key);
        return key.source().clientChosen() ? stem + "." + principal(secret, key) : stem;
    }

    /** What any other text is called, by the key for new sessions. */
    String veiled(String text) {
        return hash(secrets.get(0), ID_BYTES, "other", text);
    }

    /** What the names of all sessions of this id begin with, up to a dot or to their end, whoever's they are; one of each key. */
    List<String> stems(SessionKey key) {
        return secrets.stream().map(secret -> stem(secret, key)).toList();
    }

    private static String stem(SecretKeySpec secret, SessionKey key) {
        return letter(key.source())
                + hash(secret, ID_BYTES, "id", key.pool(), key.source().name(), key.id());
    }

    /** What is compared where the principal is not part of the name, else empty; for each of the names, parted by bars. */
    String owner(SessionKey key) {
        return secrets.stream().map(secret -> owner(secret, key)).collect(Collectors.joining("|"));
    }

    /** The same for one of its names. */
    String owner(SessionKey key, String name) {
        return owner(secretOf(key, name), key);
    }

    private SecretKeySpec secretOf(SessionKey key, String name) {
        for (SecretKeySpec secret : secrets) {
            if (name(secret, key).equals(name)) {
                return secret;
            }
        }
        throw new IllegalStateException("a session under a name that no key made");
    }

    private static String owner(SecretKeySpec secret, SessionKey key) {
        return key.source().clientChosen() ? "" : principal(secret, key);
    }

    /** One of the key's names and whose session it is, for {@link #marked}. */
    String mark(SessionKey key, String name) {
        return name + "~" + principal(secretOf(key, name), key);
    }

    /** The name that a mark tells; empty where it is of another session, of another principal, or of a key that is gone. */
    Optional<String> marked(SessionKey key, String mark) {
        return secrets.stream()
                .filter(secret -> mark.equals(name(secret, key) + "~" + principal(secret, key)))
                .map(secret -> name(secret, key))
                .findFirst();
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

    private static String principal(SecretKeySpec secret, SessionKey key) {
        return hash(
                secret, PRINCIPAL_BYTES, "principal", key.pool(), key.source().name(), key.principal());
    }

    private static String hash(SecretKeySpec secret, int bytes, String... parts) {
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
