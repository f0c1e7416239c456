package dev.sandgate.proxy.acme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Certificate;
import dev.sandgate.proxy.tls.CertifiedKey;
import dev.sandgate.proxy.tls.KeyReader;
import dev.sandgate.proxy.tls.PemText;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A certificate on the shelf, and when its time is over. */
final class StoredCertificateTest {

    private static final Duration LIFE = Duration.ofDays(30);

    private static StoredCertificate gotAt(Instant when) throws Exception {
        Certificate made = Certificate.of("dns:app.example.com,dns:beside.example.com");
        CertifiedKey key =
                KeyReader.pem(text(made.pem().certificate()), text(made.pem().key()));
        return new StoredCertificate(
                "https://acme.example.com/dir",
                when,
                StoredCertificate.keyOf("app.example.com", key.key(), key.chain()));
    }

    private static PemText text(Path file) throws Exception {
        return new PemText(file.toString(), Files.readString(file));
    }

    @Test
    void comesBackFromTheShelfForTheOneNameThatWasOrdered() throws Exception {
        StoredCertificate stored = gotAt(Instant.ofEpochMilli(1_800_000_000_123L));
        Buffer written = stored.written();

        assertThat(StoredCertificate.read("app.example.com", written)).isEqualTo(stored);
        assertThat(stored.key().names()).isEqualTo(Set.of("app.example.com"));
        assertThat(written.length()).isLessThan(8 * 1024);
    }

    @Test
    void isRenewedAboutTwoThirdsIntoItsLife() throws Exception {
        StoredCertificate stored = gotAt(Instant.EPOCH);
        Instant from = stored.leaf().getNotBefore().toInstant();
        Instant latest = from.plus(LIFE.multipliedBy(2).dividedBy(3));

        assertThat(stored.renewAt()).isBetween(latest.minus(LIFE.dividedBy(30)).minusSeconds(60 * 60), latest);
        assertThat(gotAt(Instant.EPOCH).renewAt()).isEqualTo(stored.renewAt());
    }

    @Test
    void isNotRenewedAgainAtOnceHoweverWrongTheClockIs() throws Exception {
        Instant got = Instant.now().plus(LIFE.multipliedBy(9));

        assertThat(gotAt(got).renewAt()).isEqualTo(got.plus(LIFE.dividedBy(10)));
    }
}
