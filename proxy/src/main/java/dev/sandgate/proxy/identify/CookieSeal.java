package dev.sandgate.proxy.identify;

import dev.sandgate.conf.AffinityConfig.CookieKey;
import java.nio.charset.StandardCharsets;
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

/**
 * Seals session ids into cookie values and opens them again: AES-256-GCM, {@code <key id>.<nonce, text, tag>}, with the
 * pool and the cookie's name as associated data, so that a value is good for one pool only. The first key seals, all
 * open. Keys are derived once, here. Any thread.
 */
final class CookieSeal {

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private record Key(String id, SecretKeySpec secret) {}

    private final Map<String, Key> keys = new LinkedHashMap<>();
    private final Key sealing;
    private final byte[] purpose;

    /**
     * A seal for one cookie of one pool.
     *
     * @param keys the first seals; empty: a random one, good until this process ends
     */
    CookieSeal(List<CookieKey> keys, String pool, String cookie) {
        for (CookieKey key : keys) {
            this.keys.put(key.id(), new Key(key.id(), derived(key.secret())));
        }
        if (keys.isEmpty()) {
            byte[] bits = new byte[32];
            RANDOM.nextBytes(bits);
            this.keys.put("r", new Key("r", new SecretKeySpec(bits, "AES")));
        }
        this.sealing = this.keys.values().iterator().next();
        this.purpose = (pool + "\n" + cookie).getBytes(StandardCharsets.UTF_8);
    }

    // A secret of the configuration has 32 characters or more of its own entropy: one hash makes a key of it.
    private static SecretKeySpec derived(String secret) {
        try {
            byte[] bits = MessageDigest.getInstance("SHA-256")
                    .digest(("sandgate cookie\n" + secret).getBytes(StandardCharsets.UTF_8));
            return new SecretKeySpec(bits, "AES");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }

    String seal(String id) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, sealing, nonce).doFinal(id.getBytes(StandardCharsets.US_ASCII));
            byte[] whole = Arrays.copyOf(nonce, nonce.length + sealed.length);
            System.arraycopy(sealed, 0, whole, nonce.length, sealed.length);
            return sealing.id + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("every JDK has AES-GCM", broken);
        }
    }

    /** The id in a value that one of our keys sealed, unchanged since; else empty. */
    Optional<String> open(String value) {
        int dot = value.lastIndexOf('.');
        Key key = dot < 1 ? null : keys.get(value.substring(0, dot));
        if (key == null) {
            return Optional.empty();
        }
        try {
            byte[] whole = canonical(value.substring(dot + 1));
            if (whole.length <= NONCE_BYTES + TAG_BITS / 8) {
                return Optional.empty();
            }
            byte[] nonce = Arrays.copyOf(whole, NONCE_BYTES);
            byte[] id = cipher(Cipher.DECRYPT_MODE, key, nonce).doFinal(whole, NONCE_BYTES, whole.length - NONCE_BYTES);
            return Optional.of(new String(id, StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException | IllegalArgumentException forged) {
            return Optional.empty();
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
