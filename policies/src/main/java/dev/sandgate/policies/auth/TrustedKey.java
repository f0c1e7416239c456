package dev.sandgate.policies.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A public key of a set, and the algorithms that it may be used with, of which a token cannot choose another. Any thread. */
final class TrustedKey {

    /** Shorter keys of RSA are not trusted (RFC 7518 section 3.3). */
    static final int FEWEST_BITS = 2048;

    private final JWK jwk;
    private final JWSVerifier verifier;
    private final Map<String, JWSHeader> byAlgorithm = new HashMap<>();
    private volatile boolean dropped;

    private TrustedKey(JWK jwk, JWSVerifier verifier) {
        this.jwk = jwk;
        this.verifier = verifier;
    }

    /** Empty: it is for something else, or too short. */
    static Optional<TrustedKey> of(JWK jwk, Set<String> algorithms) {
        try {
            return isForSignatures(jwk) ? of(jwk, verifier(jwk), algorithms) : Optional.empty();
        } catch (JOSEException unfit) {
            return Optional.empty();
        }
    }

    private static Optional<TrustedKey> of(JWK jwk, Optional<JWSVerifier> verifier, Set<String> algorithms) {
        if (verifier.isEmpty()) {
            return Optional.empty();
        }
        TrustedKey key = new TrustedKey(jwk, verifier.get());
        for (JWSAlgorithm each : verifier.get().supportedJWSAlgorithms()) {
            boolean meant =
                    jwk.getAlgorithm() == null || jwk.getAlgorithm().getName().equals(each.getName());
            if (meant && algorithms.contains(each.getName())) {
                key.byAlgorithm.put(each.getName(), new JWSHeader(each));
            }
        }
        return key.byAlgorithm.isEmpty() ? Optional.empty() : Optional.of(key);
    }

    private static boolean isForSignatures(JWK jwk) {
        boolean use = jwk.getKeyUse() == null || jwk.getKeyUse().equals(KeyUse.SIGNATURE);
        return use && (jwk.getKeyOperations() == null || jwk.getKeyOperations().contains(KeyOperation.VERIFY));
    }

    private static Optional<JWSVerifier> verifier(JWK jwk) throws JOSEException {
        if (jwk instanceof RSAKey key && !isShort(jwk)) {
            return Optional.of(new RSASSAVerifier(key.toRSAPublicKey()));
        }
        return jwk instanceof ECKey key ? Optional.of(new ECDSAVerifier(key.toECPublicKey())) : Optional.empty();
    }

    /** Whether it is of RSA and under 2,048 bits. */
    static boolean isShort(JWK jwk) throws JOSEException {
        return jwk instanceof RSAKey key && key.toRSAPublicKey().getModulus().bitLength() < FEWEST_BITS;
    }

    boolean fits(String algorithm) {
        return byAlgorithm.containsKey(algorithm);
    }

    /** Whether it signed this, with the algorithm that the token names. */
    boolean signed(CompactToken token) {
        JWSHeader header = byAlgorithm.get(token.algorithm());
        try {
            return header != null && verifier.verify(header, token.signed().getBytes(US_ASCII), token.signature());
        } catch (JOSEException unfit) {
            return false;
        }
    }

    boolean is(JWK other) {
        return jwk.equals(other);
    }

    /** Whether it is in the set still. */
    boolean isTrusted() {
        return !dropped;
    }

    /** It is in the set no more, and nothing that it signed counts. */
    void drop() {
        dropped = true;
    }
}
