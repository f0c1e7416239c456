package dev.sandgate.proxy.shelf;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sandgate.conf.TableConfig.IdKey;
import io.vertx.core.buffer.Buffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals records of one kind for where others may read: AES-256-GCM with kind and name as associated data, so that no record
 * passes for another. A sealed one is a byte for this form, the key's id behind its length, the nonce, the text and its
 * tag. The first key seals, all open. Keys are derived once, here (HKDF, RFC 5869). Any thread.
 */
final class RecordSeal {

    /** What a record grows by, at most. */
    static final int COSTS = 1 + 1 + 16 + 12 + 16;

    private static final byte FORM = 1;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String kind;
    private final IdKey sealing;
    private final Map<String, SecretKeySpec> keys = new LinkedHashMap<>();

    /** @param keys the table's, never empty */
    RecordSeal(List<IdKey> keys, String kind) {
        this.kind = kind;
        this.sealing = keys.get(0);
        keys.forEach(key -> this.keys.put(key.id(), derived(key, kind)));
    }

    private static SecretKeySpec derived(IdKey key, String kind) {
        byte[] drawn = mac("sandgate shelf".getBytes(US_ASCII), key.secret().getBytes(UTF_8));
        byte[] info = (kind + "\u0001").getBytes(UTF_8);
        return new SecretKeySpec(mac(drawn, info), "AES");
    }

    private static byte[] mac(byte[] key, byte[] text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK has HmacSHA256", missing);
        }
    }

    Buffer seal(String name, Buffer value) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        byte[] id = sealing.id().getBytes(US_ASCII);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, sealing.id(), nonce, name)
                    .orElseThrow()
                    .doFinal(value.getBytes());
            return Buffer.buffer()
                    .appendByte(FORM)
                    .appendByte((byte) id.length)
                    .appendBytes(id)
                    .appendBytes(nonce)
                    .appendBytes(sealed);
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("every JDK has AES-GCM", broken);
        }
    }

    /** Empty where no key opens it: another sealed it, or it was for another name. */
    Optional<Buffer> open(String name, Buffer sealed) {
        int nonceAt = sealed.length() < 2 ? 0 : 2 + sealed.getByte(1);
        int textAt = nonceAt + NONCE_BYTES;
        if (nonceAt < 2 || sealed.getByte(0) != FORM || sealed.length() < textAt + TAG_BITS / 8) {
            return Optional.empty();
        }
        try {
            Optional<Cipher> cipher = cipher(
                    Cipher.DECRYPT_MODE,
                    sealed.getString(2, nonceAt, "US-ASCII"),
                    sealed.getBytes(nonceAt, textAt),
                    name);
            return cipher.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Buffer.buffer(cipher.get().doFinal(sealed.getBytes(textAt, sealed.length()))));
        } catch (GeneralSecurityException forged) {
            return Optional.empty();
        }
    }

    private Optional<Cipher> cipher(int mode, String id, byte[] nonce, String name) throws GeneralSecurityException {
        SecretKeySpec key = keys.get(id);
        if (key == null) {
            return Optional.empty();
        }
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD((kind + "\n" + name).getBytes(UTF_8));
        return Optional.of(cipher);
    }
}
