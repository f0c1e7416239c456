package dev.sandgate.policies.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sandgate.conf.PolicyConfig.ApiKey;
import dev.sandgate.policies.Principal;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * API keys by their SHA-256. What is looked up is a hash, so that how far two are the same tells nothing of a key; the whole
 * digest is compared in constant time all the same, also where there is none to compare with. Any thread.
 */
final class KeyRing {

    /** The one answer to every key that is not there. */
    static final Finding UNKNOWN = new Finding.Flawed(Flaw.API_KEY);

    private static final String PREFIX = "sha256:";
    private static final Holder NOBODY = new Holder(new byte[32], UNKNOWN);
    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(KeyRing::sha256);

    private static final class Holder {
        final byte[] digest;
        final Finding finding;

        Holder(byte[] digest, Finding finding) {
            this.digest = digest;
            this.finding = finding;
        }
    }

    private final Map<String, Holder> byDigest = new HashMap<>();

    private KeyRing() {}

    /** Of two that are the same the first counts. */
    static KeyRing of(List<ApiKey> keys, Withheld withheld) {
        KeyRing ring = new KeyRing();
        for (ApiKey key : keys) {
            byte[] digest = HexFormat.of().parseHex(key.hash().substring(PREFIX.length()));
            Principal principal = Principal.of("apiKey", "", key.caller());
            ring.byDigest.putIfAbsent(name(digest), new Holder(digest, withheld.known(principal)));
        }
        return ring;
    }

    /** Of the bytes that came: a field's characters are one byte each. */
    static byte[] digest(String key) {
        return SHA_256.get().digest(key.getBytes(ISO_8859_1));
    }

    Finding find(byte[] digest) {
        Holder holder = byDigest.getOrDefault(name(digest), NOBODY);
        return MessageDigest.isEqual(holder.digest, digest) ? holder.finding : UNKNOWN;
    }

    private static String name(byte[] digest) {
        return new String(digest, ISO_8859_1);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyPlatformHasIt) {
            throw new AssertionError(everyPlatformHasIt);
        }
    }
}
