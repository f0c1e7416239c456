package dev.sandgate.policies.auth;

import static dev.sandgate.policies.auth.Signer.base64;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.sandgate.policies.Policy;
import dev.sandgate.policies.Verdict.Refuse;
import dev.sandgate.policies.Verdict.Why;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tokens that somebody made up, each a good one but for one thing. The issuer has a key of each kind. */
class ForgedTokenTest {

    private static final Signer RS = Signer.of("RS256");
    private static final Signer ES = Signer.of("ES256");
    private static final Signer STRANGER = new Signer(RS.kid(), "RS256", Signer.OTHER_RSA);
    private static final Signer SHORT = new Signer("short", "RS256", Signer.SHORT_RSA);
    private static final Signer SEALING = new Signer("sealing", "RS256", Signer.RSA);
    private static final Signer WRITING = new Signer("writing", "ES256", Signer.OTHER_P256);
    private static final Signer FIXED = new Signer("fixed", "PS256", Signer.RSA);

    private static final String KEYS = Signer.set(
            RS.jwk(),
            ES.jwk(),
            Signer.of("ES384").jwk(),
            SHORT.jwk(),
            SEALING.jwk(",\"use\":\"enc\""),
            WRITING.jwk(",\"key_ops\":[\"sign\"]"),
            FIXED.jwk(",\"alg\":\"RS256\""),
            "{\"kty\":\"oct\",\"kid\":\"shared\",\"alg\":\"HS256\",\"k\":\""
                    + base64("a secret of 32 bytes ...........") + "\"}");

    private final Front front = new Front();

    @AfterEach
    void close() {
        front.close();
    }

    private Policy open() {
        front.shelf.put(Front.KEYS, KEYS);
        return front.open(Front.jwt());
    }

    @Test
    void whatTheyAreMadeOfIsGood() {
        Policy policy = open();

        for (Signer signer : List.of(RS, ES, Signer.of("ES384"), new Signer("fixed", "RS256", Signer.RSA))) {
            String token = front.good(signer);
            assertThat(front.principal(policy, Front.bearing(token)).subject()).isEqualTo("alice");
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"headers", "secrets", "signatures", "keys", "times", "claims", "spellings"})
    void isRefused(String name, String token) {
        Policy policy = open();

        Refuse refusal = front.refusal(policy, Front.bearing(token));

        assertThat(refusal.why()).isEqualTo(Why.UNAUTHENTICATED);
        assertThat(refusal.challenge()).hasValue("Bearer error=\"invalid_token\"");
        assertThat(refusal.detail()).startsWith("The token").doesNotContain("alice", "id.test", "tools", "key-");
        // and again: nothing of it was remembered
        assertThat(front.refusal(policy, Front.bearing(token)).why()).isEqualTo(Why.UNAUTHENTICATED);
    }

    static JsonObject good() {
        long now = Front.START.getEpochSecond();
        return new JsonObject()
                .put("iss", Front.ISSUER)
                .put("sub", "alice")
                .put("aud", "tools")
                .put("iat", now)
                .put("exp", now + 3600);
    }

    private static Arguments bare(String algorithm, String signature) {
        String header = "{\"alg\":\"" + algorithm + "\",\"kid\":\"" + RS.kid() + "\"}";
        return arguments(
                "alg " + algorithm + (signature.isEmpty() ? "" : ", signed"),
                base64(header) + "." + base64(good().encode()) + "." + signature);
    }

    private static Arguments header(String name, Signer signer, String header) {
        return arguments(name, signer.token(header, good().encode()));
    }

    private static Arguments header(String name, String more) {
        return header(name, RS, "{\"alg\":\"RS256\",\"kid\":\"" + RS.kid() + "\"," + more + "}");
    }

    static Stream<Arguments> headers() {
        String own = STRANGER.jwk();
        String kid = "\"kid\":\"" + RS.kid() + "\"";
        return Stream.of(
                bare("none", ""),
                bare("None", ""),
                bare("NONE", ""),
                bare("nOnE", ""),
                bare("none", "c2ln"),
                bare("", "c2ln"),
                header("no algorithm", RS, "{" + kid + "}"),
                header("alg null", RS, "{\"alg\":null," + kid + "}"),
                header("alg as a list", RS, "{\"alg\":[\"RS256\"]," + kid + "}"),
                header("alg in lower case", RS, "{\"alg\":\"rs256\"," + kid + "}"),
                header("alg twice", RS, "{\"alg\":\"RS256\",\"alg\":\"RS256\"," + kid + "}"),
                header("crit", "\"crit\":[\"exp\"]"),
                header("crit, empty", "\"crit\":[]"),
                header("a payload that is not encoded", "\"b64\":false,\"crit\":[\"b64\"]"),
                header("b64 without crit", "\"b64\":false"),
                header("a type of something else", "\"typ\":\"JOSE\""),
                header("a type that is no text", "\"typ\":1"),
                header("kid null", RS, "{\"alg\":\"RS256\",\"kid\":null}"),
                header("kid as a number", RS, "{\"alg\":\"RS256\",\"kid\":1}"),
                header("kid empty", RS, "{\"alg\":\"RS256\",\"kid\":\"\"}"),
                header("kid of a path", STRANGER, "{\"alg\":\"RS256\",\"kid\":\"../../../dev/null\"}"),
                header("kid of a query", STRANGER, "{\"alg\":\"RS256\",\"kid\":\"x' UNION SELECT 'key\"}"),
                header("kid unknown", STRANGER, "{\"alg\":\"RS256\",\"kid\":\"nobody's\"}"),
                header("kid in another case", RS, "{\"alg\":\"RS256\",\"kid\":\"KEY-rs256\"}"),
                header("no kid, and a key of its own", STRANGER, "{\"alg\":\"RS256\"}"),
                header("its own key as jwk", STRANGER, "{\"alg\":\"RS256\"," + kid + ",\"jwk\":" + own + "}"),
                header("its own key as jwk, no kid", STRANGER, "{\"alg\":\"RS256\",\"jwk\":" + own + "}"),
                header("its own jku", STRANGER, "{\"alg\":\"RS256\"," + kid + ",\"jku\":\"https://evil.test/keys\"}"),
                header("its own x5u", STRANGER, "{\"alg\":\"RS256\"," + kid + ",\"x5u\":\"https://evil.test/cert\"}"),
                header("its own x5c", STRANGER, "{\"alg\":\"RS256\"," + kid + ",\"x5c\":[\"MIIB\"]}"));
    }

    /** The public key taken for a shared secret. */
    static Stream<Arguments> secrets() throws GeneralSecurityException {
        PublicKey key = Signer.RSA.getPublic();
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
        byte[] modulus = ((RSAPublicKey) key).getModulus().toByteArray();
        return Stream.of(
                arguments("HS256 by the key as PEM", hmac(RS.kid(), pem.getBytes(US_ASCII))),
                arguments("HS256 by the key as DER", hmac(RS.kid(), key.getEncoded())),
                arguments("HS256 by the key as JWK", hmac(RS.kid(), RS.jwk().getBytes(UTF_8))),
                arguments("HS256 by the modulus", hmac(RS.kid(), modulus)),
                arguments(
                        "HS256 by a secret of the set",
                        hmac("shared", "a secret of 32 bytes ...........".getBytes(UTF_8))));
    }

    private static String hmac(String kid, byte[] secret) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        String signed = base64("{\"alg\":\"HS256\",\"kid\":\"" + kid + "\"}") + "." + base64(good().encode());
        return signed + "." + base64(mac.doFinal(signed.getBytes(US_ASCII)));
    }

    private static String signed(Signer signer) {
        String token = signer.token(good().encode());
        return token.substring(0, token.lastIndexOf('.'));
    }

    private static byte[] signature(String token) {
        return Base64.getUrlDecoder().decode(token.substring(token.lastIndexOf('.') + 1));
    }

    static Stream<Arguments> signatures() throws GeneralSecurityException {
        String rs = signed(RS);
        String es = signed(ES);
        byte[] ofRs = signature(RS.token(good().encode()));
        byte[] ofEs = signature(ES.token(good().encode()));
        byte[] ofAnother = signature(RS.token(good().put("sub", "bob").encode()));
        byte[] doubled = Arrays.copyOf(ofEs, 128);
        return Stream.of(
                arguments("stripped", rs + "."),
                arguments("stripped with its dot", rs),
                arguments("truncated", rs + "." + base64(Arrays.copyOf(ofRs, 255))),
                arguments("one byte longer", rs + "." + base64(Arrays.copyOf(ofRs, 257))),
                arguments("of zeros", rs + "." + base64(new byte[256])),
                arguments("of another token", rs + "." + base64(ofAnother)),
                arguments("of a stranger", signed(STRANGER) + "." + base64(STRANGER.sign(rs.getBytes(US_ASCII)))),
                arguments("of another algorithm", rs + "." + base64(ofEs)),
                arguments("ES256 of zeros (CVE-2022-21449)", es + "." + base64(new byte[64])),
                arguments("ES256, r zero", es + "." + base64(part(ofEs, 32, 64))),
                arguments("ES256, s zero", es + "." + base64(part(ofEs, 0, 32))),
                arguments("ES256 of the order", es + "." + base64(order())),
                arguments("ES256 in DER", es + "." + base64(der(es))),
                arguments("ES256 with zeros behind", es + "." + base64(doubled)),
                arguments("ES256, r and s swapped", es + "." + base64(swapped(ofEs))),
                arguments(
                        "claims of another token",
                        rs.substring(0, rs.indexOf('.')) + "."
                                + base64(good().put("sub", "root").encode()) + "." + base64(ofRs)),
                arguments(
                        "header of another token",
                        base64("{\"alg\":\"RS256\",\"kid\":\"" + RS.kid() + "\"}") + rs.substring(rs.indexOf('.')) + "."
                                + base64(ofRs)));
    }

    private static byte[] part(byte[] signature, int from, int to) {
        byte[] part = new byte[64];
        System.arraycopy(signature, from, part, from, to - from);
        return part;
    }

    private static byte[] order() {
        byte[] order =
                new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16).toByteArray();
        byte[] twice = new byte[64];
        System.arraycopy(order, order.length - 32, twice, 0, 32);
        System.arraycopy(order, order.length - 32, twice, 32, 32);
        return twice;
    }

    private static byte[] swapped(byte[] signature) {
        byte[] swapped = new byte[64];
        System.arraycopy(signature, 32, swapped, 0, 32);
        System.arraycopy(signature, 0, swapped, 32, 32);
        return swapped;
    }

    private static byte[] der(String signed) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(Signer.P256.getPrivate());
        signature.update(signed.getBytes(US_ASCII));
        return signature.sign();
    }

    private static Arguments by(String name, String algorithm, Signer key) {
        Signer other = new Signer(key.kid(), algorithm, key.pair());
        return arguments(name, other.token(good().encode()));
    }

    static Stream<Arguments> keys() {
        Signer es384 = Signer.of("ES384");
        String lie = "{\"alg\":\"PS256\",\"kid\":\"" + RS.kid() + "\"}";
        return Stream.of(
                arguments("says PS256, is RS256", RS.token(lie, good().encode())),
                by("PS256 by a key of RS256 alone", "PS256", FIXED),
                by("RS256 by a key for encryption", "RS256", SEALING),
                by("ES256 by a key for signing alone", "ES256", WRITING),
                by("RS256 by a key of 1024 bits", "RS256", SHORT),
                arguments(
                        "ES256 by a key of P-384",
                        new Signer(es384.kid(), "ES256", Signer.P256).token(good().encode())),
                arguments("ES384 by a key of P-256", new Signer(ES.kid(), "ES384", Signer.P384).token(good().encode())),
                arguments("RS256 by a key of P-256", new Signer(ES.kid(), "RS256", Signer.RSA).token(good().encode())),
                arguments("ES256 by a key of RSA", new Signer(RS.kid(), "ES256", Signer.P256).token(good().encode())));
    }

    private static Arguments claims(String name, JsonObject claims) {
        return arguments(name, RS.token(claims.encode()));
    }

    private static JsonObject without(String claim) {
        JsonObject claims = good();
        claims.remove(claim);
        return claims;
    }

    private static Arguments raw(String name, String exp) {
        String claims = good().encode();
        String was = "\"exp\":" + (Front.START.getEpochSecond() + 3600);
        if (!claims.contains(was)) {
            throw new IllegalStateException("the case is not made");
        }
        return arguments(name, RS.token(claims.replace(was, exp)));
    }

    static Stream<Arguments> times() {
        long now = Front.START.getEpochSecond();
        long skew = Front.SKEW.toSeconds();
        return Stream.of(
                claims("expired", good().put("exp", now - skew)),
                claims("not yet valid", good().put("nbf", now + skew + 1)),
                claims("made in the future", good().put("iat", now + skew + 1)),
                claims("nbf as a text", good().put("nbf", "" + now)),
                claims("iat as a text", good().put("iat", "" + now)),
                raw("no exp", "\"was\":1"),
                raw("exp as a text", "\"exp\":\"" + (now + 3600) + "\""),
                raw("exp null", "\"exp\":null"),
                raw("exp true", "\"exp\":true"),
                raw("exp as a list", "\"exp\":[" + (now + 3600) + "]"),
                raw("exp huge", "\"exp\":99999999999999999999"),
                raw("exp beyond a long", "\"exp\":1e30"),
                raw("exp beyond a double", "\"exp\":1e400"),
                raw("exp of very many digits", "\"exp\":" + "9".repeat(400)),
                raw("exp in milliseconds", "\"exp\":" + (now + 3600) * 1000),
                raw("exp negative", "\"exp\":-1"),
                raw("exp NaN", "\"exp\":NaN"),
                raw("exp Infinity", "\"exp\":Infinity"),
                raw("exp with a plus", "\"exp\":+" + (now + 3600)),
                raw("exp with a zero before", "\"exp\":0" + (now + 3600)),
                raw("exp twice", "\"exp\":1,\"exp\":" + (now + 3600)));
    }

    static Stream<Arguments> claims() {
        return Stream.of(
                claims("another issuer", good().put("iss", "https://id.test")),
                claims("an issuer with more behind", good().put("iss", Front.ISSUER + "x")),
                claims("a list of issuers", good().put("iss", List.of(Front.ISSUER))),
                claims("no issuer", without("iss")),
                claims("another audience", good().put("aud", "other")),
                claims("an audience in another case", good().put("aud", "Tools")),
                claims("audiences without ours", good().put("aud", List.of("a", "b"))),
                claims("no audience", good().put("aud", List.of())),
                claims("an audience inside an object", good().put("aud", new JsonObject().put("tools", true))),
                claims("no subject", good().put("sub", "")),
                claims("a subject that is a number", good().put("sub", 1)),
                claims("a subject with a line's end", good().put("sub", "alice\nroot")),
                claims("a subject beyond measure", good().put("sub", "a".repeat(1025))),
                claims("scopes that are an object", good().put("scope", new JsonObject())),
                arguments("a claim twice", RS.token(good().encode().replace("{", "{\"sub\":\"root\","))),
                arguments(
                        "a claim twice in a claim",
                        RS.token(good().encode().replace("{", "{\"x\":{\"a\":1,\"a\":2},"))),
                arguments("something behind the claims", RS.token(good().encode() + "{}")),
                arguments("claims that are a list", RS.token("[" + good().encode() + "]")),
                arguments("claims with a comment", RS.token(good().encode() + "/**/")),
                arguments("claims in single quotes", RS.token(good().encode().replace('"', '\''))),
                arguments(
                        "claims nested without end",
                        RS.token(good().encode().replace("{", "{\"x\":" + "[".repeat(999)))));
    }

    static Stream<Arguments> spellings() {
        String token = RS.token(good().encode());
        String[] part = token.split("\\.", -1);
        String nested = RS.token("{\"alg\":\"RS256\",\"cty\":\"JWT\",\"kid\":\"" + RS.kid() + "\"}", token);
        String sealed = base64("{\"alg\":\"RSA-OAEP\",\"enc\":\"A128GCM\",\"kid\":\"" + RS.kid() + "\"}");
        return Stream.of(
                arguments("with padding", token + "=="),
                arguments("with padding inside", part[0] + "=." + part[1] + "." + part[2]),
                arguments("with a blank behind", token + " "),
                arguments("with a blank inside", part[0] + ". " + part[1] + "." + part[2]),
                arguments("with a tab", part[0] + "\t." + part[1] + "." + part[2]),
                arguments("with a line's end", part[0] + ".\n" + part[1] + "." + part[2]),
                arguments("with bits too many", token.substring(0, token.length() - 1) + other(token)),
                arguments("in the other alphabet", part[0] + "." + part[1] + "." + part[2].substring(1) + "+"),
                arguments("with a letter that is none", part[0] + "." + part[1] + "." + part[2] + "\u00e9"),
                arguments("with a fourth part", token + "." + part[2]),
                arguments("with an empty part before", "." + token),
                arguments("two in one", token + ", " + token),
                arguments("without claims", part[0] + ".." + part[2]),
                arguments("without a header", "." + part[1] + "." + part[2]),
                arguments("a token in a token", nested),
                arguments("encrypted", sealed + ".a2V5.aXY." + part[1] + ".dGFn"),
                arguments(
                        "too long",
                        RS.token(good().put("x", "x".repeat(8 * 1024)).encode())),
                arguments("as JSON", "{\"payload\":\"" + part[1] + "\",\"signature\":\"" + part[2] + "\"}"),
                arguments("nothing", ""),
                arguments("dots", ".."));
    }

    /** Another character for the last, of the same bits as far as they count. */
    private static char other(String token) {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return alphabet.charAt(alphabet.indexOf(token.charAt(token.length() - 1)) ^ 1);
    }

    @Test
    void areManyAndEachIsAnother() throws GeneralSecurityException {
        List<String> tokens = Stream.of(headers(), secrets(), signatures(), keys(), times(), claims(), spellings())
                .flatMap(each -> each)
                .map(each -> (String) each.get()[1])
                .toList();

        assertThat(tokens).doesNotHaveDuplicates().hasSizeGreaterThan(100);
        assertThat(tokens).doesNotContain(front.good(RS));
    }
}
