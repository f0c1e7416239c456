package dev.sandgate.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Authority;
import dev.sandgate.proxy.kit.Authority.Signed;
import dev.sandgate.proxy.tls.KeysByName.Held;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;

/** Which of several certificates is served. */
final class ServedKeysTest {

    private final Authority authority = new Authority("domains");

    private static CertifiedKey key(Signed signed) {
        try {
            return CertifiedKey.of(signed.key(), List.of(signed.certificate()));
        } catch (CertificateParsingException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static CertifiedKey chosen(KeysByName keys, String name, String type) {
        Held held = Objects.requireNonNull(keys.choose(name, type), name);
        assertThat(keys.held(held.alias())).isSameAs(held);
        return held.key();
    }

    @Test
    void theVeryNameGoesBeforeAWildcardAndThatBeforeTheUsualOne() {
        CertifiedKey usual = key(authority.sign("usual.test"));
        CertifiedKey wild = key(authority.sign("*.apps.test"));
        CertifiedKey exact = key(authority.sign("a.apps.test"));
        KeysByName keys = new KeysByName(1, List.of(usual), List.of(List.of(wild), List.of(exact)));

        assertThat(chosen(keys, "a.apps.test", "EC")).isSameAs(exact);
        assertThat(chosen(keys, "b.apps.test", "EC")).isSameAs(wild);
        assertThat(chosen(keys, "a.b.apps.test", "EC")).isSameAs(usual);
        assertThat(chosen(keys, "", "EC")).isSameAs(usual);
        assertThat(keys.choose("a.apps.test", "RSA")).isNull();
        assertThat(keys.isUsual("b.apps.test")).isFalse();
        assertThat(keys.isUsual("usual.test")).isTrue();
    }

    @Test
    void ofTwoForOneNameTheKindOfKeyDecidesThenTheGroupThenTheLaterEnd() {
        CertifiedKey own = key(authority.sign("one.test"));
        CertifiedKey rsa = key(authority.signRsa("one.test"));
        CertifiedKey soon = key(authority.sign(Instant.now().plus(Duration.ofDays(1)), "two.test"));
        CertifiedKey later = key(authority.sign(Instant.now().plus(Duration.ofDays(9)), "two.test", "one.test"));
        KeysByName keys = new KeysByName(1, List.of(), List.of(List.of(own), List.of(rsa, soon, later)));

        assertThat(chosen(keys, "one.test", "EC")).isSameAs(own);
        assertThat(chosen(keys, "one.test", "RSA")).isSameAs(rsa);
        assertThat(chosen(keys, "two.test", "EC")).isSameAs(later);
        assertThat(keys.serves("three.test")).isFalse();
    }

    @Test
    void aHandshakeKeepsWhatItWasGivenWhateverTakesItsPlace() throws GeneralSecurityException {
        ServedKeys served = new ServedKeys();
        CertifiedKey before = key(authority.sign("one.test"));
        served.own(List.of(before), List.of());
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        String alias = Objects.requireNonNull(served.chooseEngineServerAlias("EC", null, engine));
        CertifiedKey after = key(authority.sign("two.test"));
        served.own(List.of(after), List.of());
        served.shared(List.of(List.of(after)));

        assertThat(served.getPrivateKey(alias)).isSameAs(before.key());
        assertThat(served.getCertificateChain(alias)).containsExactly(before.leaf());
        String next = Objects.requireNonNull(served.chooseEngineServerAlias("EC", null, engine));
        assertThat(served.getPrivateKey(next)).isSameAs(after.key());
        assertThat(served.getPrivateKey(alias)).isNull();
    }
}
