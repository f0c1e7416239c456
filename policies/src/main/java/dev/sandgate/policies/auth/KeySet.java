package dev.sandgate.policies.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The keys of an issuer (RFC 7517 section 5) as they were read once. Unchanging; any thread. */
final class KeySet {

    /** No token that names no key is tried with more. */
    private static final int MOST_TRIED = 4;

    private static final int MOST = 256;

    private final List<TrustedKey> all = new ArrayList<>();
    private final Map<String, List<TrustedKey>> byId = new HashMap<>();
    private final Set<String> ids = new HashSet<>();
    private final List<String> ignored = new ArrayList<>();

    private KeySet() {}

    /**
     * Keys that are there again stay the same objects.
     *
     * @param algorithms of which a key must have one to be trusted
     * @throws IllegalArgumentException naming why it is no set of keys
     */
    static KeySet read(Buffer document, Set<String> algorithms, Optional<KeySet> before) {
        KeySet set = new KeySet();
        for (Object each : keys(document)) {
            set.add(each, algorithms, before);
        }
        return set;
    }

    private static List<?> keys(Buffer document) {
        try {
            if (StrictJson.object(document.getBytes()).get("keys") instanceof List<?> keys && keys.size() <= MOST) {
                return keys;
            }
        } catch (IOException broken) {
            throw new IllegalArgumentException("it is not one JSON object with no key twice", broken);
        }
        throw new IllegalArgumentException("it has no list of at most 256 keys");
    }

    @SuppressWarnings("unchecked")
    private void add(Object each, Set<String> algorithms, Optional<KeySet> before) {
        if (!(each instanceof Map<?, ?> object)) {
            ignored.add("one is not an object");
            return;
        }
        String id = object.get("kid") instanceof String text ? text : "";
        ids.add(id);
        try {
            JWK jwk = JWK.parse((Map<String, Object>) object).toPublicJWK();
            if (jwk != null && TrustedKey.isShort(jwk)) {
                ignored.add("one of RSA has fewer than 2,048 bits");
            }
            Optional<TrustedKey> key = jwk == null ? Optional.empty() : trusted(jwk, algorithms, before);
            key.ifPresent(it -> add(id, it));
        } catch (ParseException | JOSEException | RuntimeException unfit) {
            // a key that the library trips over, or of a kind to come, is no reason to do without the others
            ignored.add("one is of a kind that is not known, or broken");
        }
    }

    private static Optional<TrustedKey> trusted(JWK jwk, Set<String> algorithms, Optional<KeySet> before) {
        Optional<TrustedKey> same = before.flatMap(
                set -> set.all.stream().filter(key -> key.is(jwk)).findFirst());
        return same.isPresent() ? same : TrustedKey.of(jwk, algorithms);
    }

    private void add(String id, TrustedKey key) {
        all.add(key);
        byId.computeIfAbsent(id, name -> new ArrayList<>()).add(key);
    }

    /** What is in it and was left out; empty: nothing. */
    List<String> ignored() {
        return ignored;
    }

    /** Whether a key of this id is in it, trusted or not; empty: of none in particular. */
    boolean knows(String id) {
        return id.isEmpty() || ids.contains(id);
    }

    /** Keys that may have signed such a token. */
    List<TrustedKey> fitting(CompactToken token) {
        String id = token.keyId();
        List<TrustedKey> named = id.isEmpty() ? all : byId.getOrDefault(id, List.of());
        return named.stream()
                .filter(key -> key.fits(token.algorithm()))
                .limit(MOST_TRIED)
                .toList();
    }

    /** Drops those of its keys that the next set has no more. */
    void giveWay(KeySet next) {
        all.stream().filter(key -> !next.all.contains(key)).forEach(TrustedKey::drop);
    }
}
