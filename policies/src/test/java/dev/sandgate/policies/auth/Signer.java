package dev.sandgate.policies.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Base64;

/**
 * Signs tokens with the platform's own cryptography, so that no mistake of the library is made twice.
 *
 * @param kid of the key
 * @param algorithm as tokens name it
 */
record Signer(String kid, String algorithm, KeyPair pair) {

    static final KeyPair RSA = rsa(2048);
    static final KeyPair OTHER_RSA = rsa(2048);
    static final KeyPair SHORT_RSA = rsa(1024);
    static final KeyPair P256 = ec("secp256r1");
    static final KeyPair OTHER_P256 = ec("secp256r1");
    static final KeyPair P384 = ec("secp384r1");
    static final KeyPair P521 = ec("secp521r1");

    private static KeyPair rsa(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static KeyPair ec(String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** The key that fits an algorithm. */
    static Signer of(String algorithm) {
        KeyPair pair =
                switch (algorithm) {
                    case "ES256" -> P256;
                    case "ES384" -> P384;
                    case "ES512" -> P521;
                    default -> RSA;
                };
        return new Signer("key-" + algorithm, algorithm, pair);
    }

    /** A token with this kid and type. */
    String token(String claims) {
        return token("{\"alg\":\"" + algorithm + "\",\"typ\":\"JWT\",\"kid\":\"" + kid + "\"}", claims);
    }

    String token(String header, String claims) {
        String signed = base64(header) + "." + base64(claims);
        return signed + "." + base64(sign(signed.getBytes(UTF_8)));
    }

    /** Whose signature is nothing but zeros: made in no time. */
    static String junk(String kid, String claims) {
        String header = "{\"alg\":\"ES256\",\"kid\":\"" + kid + "\"}";
        return base64(header) + "." + base64(claims) + "." + base64(new byte[64]);
    }

    byte[] sign(byte[] bytes) {
        try {
            Signature signature = signature();
            signature.initSign(pair.getPrivate());
            signature.update(bytes);
            return signature.sign();
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private Signature signature() throws GeneralSecurityException {
        String bits = algorithm.substring(2);
        if (algorithm.startsWith("PS")) {
            Signature signature = Signature.getInstance("RSASSA-PSS");
            String digest = "SHA-" + bits;
            signature.setParameter(
                    new PSSParameterSpec(digest, "MGF1", new MGF1ParameterSpec(digest), Integer.parseInt(bits) / 8, 1));
            return signature;
        }
        String name = algorithm.startsWith("ES") ? "withECDSAinP1363Format" : "withRSA";
        return Signature.getInstance("SHA" + bits + name);
    }

    /** Its public key, of no use and algorithm in particular. */
    String jwk() {
        return jwk("");
    }

    /** @param more further members, a comma before each */
    String jwk(String more) {
        String id = ",\"kid\":\"" + kid + "\"" + more + "}";
        if (pair.getPublic() instanceof RSAPublicKey key) {
            return "{\"kty\":\"RSA\",\"n\":\"" + base64(bytes(key.getModulus(), 0)) + "\",\"e\":\""
                    + base64(bytes(key.getPublicExponent(), 0)) + "\"" + id;
        }
        ECPublicKey key = (ECPublicKey) pair.getPublic();
        int bits = key.getParams().getCurve().getField().getFieldSize();
        int length = (bits + 7) / 8;
        return "{\"kty\":\"EC\",\"crv\":\"P-" + bits + "\",\"x\":\""
                + base64(bytes(key.getW().getAffineX(), length)) + "\",\"y\":\""
                + base64(bytes(key.getW().getAffineY(), length)) + "\"" + id;
    }

    static String set(String... jwks) {
        return "{\"keys\":[" + String.join(",", jwks) + "]}";
    }

    static String base64(String text) {
        return base64(text.getBytes(UTF_8));
    }

    static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Big-endian, without a sign, at least so long. */
    private static byte[] bytes(BigInteger number, int length) {
        byte[] signed = number.toByteArray();
        int from = signed[0] == 0 ? 1 : 0;
        int digits = signed.length - from;
        byte[] bytes = new byte[Math.max(length, digits)];
        System.arraycopy(signed, from, bytes, bytes.length - digits, digits);
        return bytes;
    }
}
