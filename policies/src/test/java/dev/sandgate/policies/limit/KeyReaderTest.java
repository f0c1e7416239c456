package dev.sandgate.policies.limit;

import static dev.sandgate.policies.limit.Limits.by;
import static dev.sandgate.policies.limit.Limits.session;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.PolicyConfig;
import dev.sandgate.conf.PolicyConfig.Caller;
import dev.sandgate.conf.PolicyConfig.Part;
import dev.sandgate.policies.Principal;
import dev.sandgate.policies.kit.PlainSeen;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which requests count together. */
final class KeyReaderTest {

    private static final Principal ANN = Principal.of("apiKey", "", new Caller("ann", "acme", Set.of(), ""));
    private static final Principal BOB = Principal.of("apiKey", "", new Caller("bob", "acme", Set.of(), ""));

    @Test
    void countsIpv4ByWholeAddressAndIpv6ByPrefix() {
        assertThat(ip("192.0.2.1", 64)).isEqualTo("192.0.2.1").isNotEqualTo(ip("192.0.2.2", 64));
        assertThat(ip("2001:db8:1:2::1", 64))
                .isEqualTo(ip("2001:db8:1:2:ffff::7", 64))
                .isNotEqualTo(ip("2001:db8:1:3::1", 64));
        assertThat(ip("2001:db8:1:2::1", 48)).isEqualTo(ip("2001:db8:1:3::1", 48));
        assertThat(ip("2001:db8::1", 128)).isNotEqualTo(ip("2001:db8::2", 128));
        assertThat(ip("2001:db8::1:1", 112)).isNotEqualTo(ip("2001:db8::2:1", 112));
        assertThat(ip("2001:db8::1:1", 112)).isEqualTo(ip("2001:db8::1:2", 112));
        assertThat(ip("8000::", 1)).isEqualTo(ip("ffff::", 1)).isNotEqualTo(ip("7fff::", 1));
        assertThat(ip("::1", 64)).isNotEqualTo("0.0.0.1");
    }

    @Test
    void countsAnIpv4AddressAsItselfHoweverItIsWritten() {
        assertThat(ip("::ffff:192.0.2.1", 64)).isEqualTo("192.0.2.1");
        assertThat(ip("::ffff:c000:201", 64)).isEqualTo("192.0.2.1");
    }

    @Test
    void countsAllWhoAreNobodyTogether() {
        KeyReader principals = new KeyReader(by(Part.PRINCIPAL));
        assertThat(principals.read(PlainSeen.get("/").from("192.0.2.1")))
                .isEqualTo(principals.read(PlainSeen.get("/").from("192.0.2.2")))
                .isNotNull()
                .isNotEqualTo(principals.read(PlainSeen.get("/").by(ANN)));
        assertThat(principals.read(PlainSeen.get("/").by(ANN)))
                .isNotEqualTo(principals.read(PlainSeen.get("/").by(BOB)));
        KeyReader tenants = new KeyReader(by(Part.TENANT));
        assertThat(tenants.read(PlainSeen.get("/").by(ANN)))
                .isEqualTo(tenants.read(PlainSeen.get("/").by(BOB)))
                .isNotEqualTo(tenants.read(PlainSeen.get("/")));
    }

    @Test
    void doesNotCountWhatHasNoSessionOrNoName() {
        assertThat(new KeyReader(by(Part.SESSION)).read(PlainSeen.get("/"))).isNull();
        assertThat(new KeyReader(by(Part.IP, Part.SESSION)).read(PlainSeen.get("/")))
                .isNull();
        assertThat(new KeyReader(by(Part.MCP_NAME, Part.ROUTE)).read(PlainSeen.get("/")))
                .isNull();
        assertThat(new KeyReader(by(Part.SESSION)).read(PlainSeen.get("/").in(session("x"))))
                .isEqualTo(session("x"));
    }

    @Test
    void readsAnEncodedNameAsTheNameThatItIs() {
        assertThat(name("=?base64?c2VhcmNo?=")).isEqualTo(name("search"));
        // the last digit has bits to spare, and padding may be left out
        assertThat(name("=?base64?YQ==?="))
                .isEqualTo(name("=?base64?YR==?="))
                .isEqualTo(name("=?base64?YQ?="))
                .isEqualTo(name("a"));
        assertThat(name("=?base64?%?=")).isEqualTo("=?base64?%?=");
        assertThat(name("=?base64?=")).isNotNull();
    }

    @Test
    void joinsParts() {
        KeyReader both = new KeyReader(by(Part.IP, Part.ROUTE, Part.POOL));
        Object key = both.read(PlainSeen.get("/").on("a").to("p"));
        assertThat(key).isEqualTo(both.read(PlainSeen.get("/").on("a").to("p"))).isNotNull();
        assertThat(key)
                .isNotEqualTo(both.read(PlainSeen.get("/").on("b").to("p")))
                .isNotEqualTo(both.read(PlainSeen.get("/").on("a").to("q")))
                .isNotEqualTo(
                        both.read(PlainSeen.get("/").from("192.0.2.9").on("a").to("p")));
    }

    @Test
    void remembersNoMoreOfALongNameThanOfAShortOne() {
        String name = "n".repeat(5_000);
        assertThat(name(name)).isEqualTo(name(name)).asString().hasSizeLessThan(100);
        assertThat(name(name)).isNotEqualTo(name(name + "x"));
        KeyReader sessions = new KeyReader(by(Part.SESSION));
        Object session = sessions.read(PlainSeen.get("/").in(session("s".repeat(4_096))));
        assertThat(session)
                .isEqualTo(sessions.read(PlainSeen.get("/").in(session("s".repeat(4_096)))))
                .isNotEqualTo(sessions.read(PlainSeen.get("/").in(session("s".repeat(4_095)))));
        assertThat(KeyText.of(session == null ? "" : session)).hasSizeLessThan(200);
    }

    @Test
    void writesNoTwoKeysAsTheSameText() {
        List<Object> keys = List.of(
                "1:a",
                "a",
                "",
                new JoinedKey("a", "b"),
                new JoinedKey("ab", ""),
                new JoinedKey("", "ab"),
                new JoinedKey("a1:b", ""),
                session("a"),
                session("b"),
                Network.of("2001:db8::", 64),
                Network.of("2001:db8:0:1::", 64),
                Network.of("2001:db8::1", 128));
        Set<String> texts = new HashSet<>();
        keys.forEach(key -> texts.add(KeyText.of(key)));
        assertThat(texts).hasSameSizeAs(keys);
        assertThat(KeyText.of(Network.of("2001:db8::5", 64))).isEqualTo(KeyText.of(Network.of("2001:db8::6", 64)));
    }

    private static @Nullable Object ip(String address, int prefix) {
        return new KeyReader(new PolicyConfig.Key(List.of(Part.IP), prefix))
                .read(PlainSeen.get("/").from(address));
    }

    private static @Nullable Object name(String value) {
        return new KeyReader(by(Part.MCP_NAME)).read(PlainSeen.get("/").with("Mcp-Name", value));
    }
}
