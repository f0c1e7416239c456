package dev.sandgate.policies.auth;

import com.nimbusds.jose.util.Base64URL;
import java.io.IOException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A signed token in its parts (RFC 7515 section 7.1), none of which is believed yet.
 *
 * @param header what it says of itself
 * @param claims what it says of its bearer
 * @param signed the text that the signature is over
 * @param signature canonical, not empty
 */
record CompactToken(
        Map<String, @Nullable Object> header,
        Map<String, @Nullable Object> claims,
        String signed,
        Base64URL signature) {

    /** No token is longer. */
    static final int LONGEST = 8 * 1024;

    /** Empty: it is none, or not written in the one way in which it may be. */
    static Optional<CompactToken> read(String text) {
        if (text.length() > LONGEST || !Scheme.looksLikeToken(text)) {
            return Optional.empty();
        }
        int first = text.indexOf('.');
        int second = text.indexOf('.', first + 1);
        try {
            Map<String, @Nullable Object> header = StrictJson.object(decode(text.substring(0, first)));
            Map<String, @Nullable Object> claims = StrictJson.object(decode(text.substring(first + 1, second)));
            String signature = text.substring(second + 1);
            if (decode(signature).length == 0) {
                return Optional.empty();
            }
            return Optional.of(new CompactToken(header, claims, text.substring(0, second), new Base64URL(signature)));
        } catch (IOException | IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    /** Empty: it names none. */
    String algorithm() {
        return text(header, "alg");
    }

    /** Of the key that it says signed it; empty: it does not say. */
    String keyId() {
        return text(header, "kid");
    }

    /** Who it says made it; empty: it does not say. */
    String issuer() {
        return text(claims, "iss");
    }

    private static String text(Map<String, @Nullable Object> object, String name) {
        return object.get(name) instanceof String text ? text : "";
    }

    // one text for the same bytes only: no padding, no blanks, and the bits that the last character has too many are
    // zero
    private static byte[] decode(String part) {
        byte[] bytes = Base64.getUrlDecoder().decode(part);
        if (!Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(part)) {
            throw new IllegalArgumentException("not canonical");
        }
        return bytes;
    }
}
