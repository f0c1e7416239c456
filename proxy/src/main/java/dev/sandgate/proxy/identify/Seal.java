package dev.sandgate.proxy.identify;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sandgate.affinity.Vouch;
import dev.sandgate.conf.AffinityConfig.CookieKey;
import dev.sandgate.conf.TableConfig.IdKey;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Seals session ids, and what vouches for them, into values that clients carry, and opens them again: AES-256-GCM, {@code
 * <key id>.<nonce, text, tag>}, with the pool and the purpose as associated data, so that a value is good for one of them
 * only. The first key seals, all open. Keys are derived once, here. Any thread.
 */
public final class Seal {

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    /** Between the id, which is visible ASCII, and what vouches for it. */
    private static final byte END_OF_ID = '\n';

    private static final SecureRandom RANDOM = new SecureRandom();

    private record Key(String id, SecretKeySpec secret) {}

    private final Map<String, Key> keys;
    private final Key sealing;
    private final byte[] purpose;

    private Seal(Map<String, Key> keys, String purpose) {
        this.keys = keys;
        this.sealing = keys.values().iterator().next();
        this.purpose = purpose.getBytes(UTF_8);
    }

    /**
     * A seal for one cookie of one pool.
     *
     * @param keys the first seals; empty: a random one, good until this process ends
     */
    static Seal ofCookie(List<CookieKey> keys, String pool, String cookie) {
        Map<String, Key> derived = new LinkedHashMap<>();
        keys.forEach(key -> derived.put(key.id(), new Key(key.id(), derived("sandgate cookie\n" + key.secret()))));
        return new Seal(derived.isEmpty() ? random() : derived, pool + "\n" + cookie);
    }

    /**
     * A seal for the session ids of one pool's MCP servers.
     *
     * @param keys the table's: the first seals; empty: a random one, good until this process ends
     */
    public static Seal ofIds(List<IdKey> keys, String pool) {
        Map<String, Key> derived = new LinkedHashMap<>();
        keys.forEach(key -> derived.put(key.id(), new Key(key.id(), derived("sandgate mcp\n" + key.secret()))));
        return new Seal(derived.isEmpty() ? random() : derived, pool + "\n");
    }

    private static Map<String, Key> random() {
        byte[] bits = new byte[32];
        RANDOM.nextBytes(bits);
        return Map.of("r", new Key("r", new SecretKeySpec(bits, "AES")));
    }

    // A secret of the configuration has 32 characters or more of its own entropy: one hash makes a key of it.
    private static SecretKeySpec derived(String secret) {
        try {
            byte[] bits = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(UTF_8));
            return new SecretKeySpec(bits, "AES");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }

    /** @param id visible ASCII */
    String seal(String id, Optional<Vouch> vouch) {
        String text = vouch.isEmpty() ? id : id + (char) END_OF_ID + vouch.get().text();
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, sealing, nonce).doFinal(text.getBytes(US_ASCII));
            byte[] whole = Arrays.copyOf(nonce, nonce.length + sealed.length);
            System.arraycopy(sealed, 0, whole, nonce.length, sealed.length);
            return sealing.id + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("every JDK has AES-GCM", broken);
        }
    }

    /** The id in a value that one of our keys sealed, unchanged since; else empty. */
    Optional<String> open(String value) {
        byte[] text = text(value);
        return text == null ? Optional.empty() : Optional.of(new String(text, 0, endOfId(text), US_ASCII));
    }

    /** What vouches for this id, in a value that {@link #open} takes; empty where it is another's, or only the id. */
    Optional<Vouch> vouch(String value, String pool, String id) {
        byte[] text = text(value);
        if (text == null) {
            return Optional.empty();
        }
        int end = endOfId(text);
        return end == text.length || !new String(text, 0, end, US_ASCII).equals(id)
                ? Optional.empty()
                : Vouch.of(pool, new String(text, end + 1, text.length - end - 1, US_ASCII));
    }

    private static int endOfId(byte[] text) {
        int end = 0;
        while (end < text.length && text[end] != END_OF_ID) {
            end++;
        }
        return end;
    }

    private byte @Nullable [] text(String value) {
        int dot = value.lastIndexOf('.');
        Key key = dot < 1 ? null : keys.get(value.substring(0, dot));
        if (key == null) {
            return null;
        }
        try {
            byte[] whole = canonical(value.substring(dot + 1));
            if (whole.length <= NONCE_BYTES + TAG_BITS / 8) {
                return null;
            }
            byte[] nonce = Arrays.copyOf(whole, NONCE_BYTES);
            return cipher(Cipher.DECRYPT_MODE, key, nonce).doFinal(whole, NONCE_BYTES, whole.length - NONCE_BYTES);
        } catch (GeneralSecurityException | IllegalArgumentException forged) {
            return null;
        }
    }

    // The last character of base64 has bits that nobody reads: a value with other ones is not ours.
    private static byte[] canonical(String text) {
        byte[] bytes = Base64.getUrlDecoder().decode(text);
        if (!Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(text)) {
            throw new IllegalArgumentException("not canonical");
        }
        return bytes;
    }

    private Cipher cipher(int mode, Key key, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key.secret, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(purpose);
        return cipher;
    }
}
