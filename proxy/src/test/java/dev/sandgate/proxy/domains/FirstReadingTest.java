package dev.sandgate.proxy.domains;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sandgate.conf.TlsConfig;
import dev.sandgate.proxy.kit.Authority;
import dev.sandgate.proxy.kit.Authority.Signed;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.TestDoor;
import dev.sandgate.proxy.kit.TlsClient;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Certificates as a door finds them when it opens. */
final class FirstReadingTest {

    @RegisterExtension
    final Invariants kit = new Invariants();

    private final Path folder;

    private final Authority authority = new Authority("domains");

    FirstReadingTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void aBrokenOneThatTheConfigNamesKeepsTheDoorShut() throws IOException {
        TlsConfig tls = Tls.usual(folder, authority.sign("one.test"));
        Files.writeString(
                folder.resolve("beside/usual.key"), authority.sign("one.test").keyPem());
        DoorPlan plan = Tls.patient(kit.instance()).tls(tls);

        assertThatThrownBy(() -> TestDoor.open(plan))
                .cause()
                .hasMessageStartingWith("listener public cannot speak TLS: ")
                .hasMessageContaining("usual.key: the key is not that of the first certificate in ");
    }

    @Test
    void aBrokenOneInTheFolderKeepsNoOtherFromBeingServed() throws IOException {
        Signed good = authority.sign("good.test");
        good.write(folder, "good");
        Files.writeString(folder.resolve("bad.pem"), "nothing");
        kit.log().expect("bad.pem: has no certificate");
        TestDoor door = kit.open(Tls.patient(kit.instance()).tls(Tls.folder(folder)));

        assertThat(TlsClient.of(authority.context(), door.port(), "good.test").shown())
                .isEqualTo(good.certificate());
        assertThat(kit.log().heard()).hasSize(1);
    }

    @Test
    void oneWhoseTimeIsOverIsServedAndToldOf() throws IOException {
        authority.sign(Instant.now().minus(Duration.ofDays(1)), "old.test").write(folder, "old");
        kit.log().expect("old.pem is served, but was good until ");
        kit.open(Tls.patient(kit.instance()).tls(Tls.folder(folder)));

        assertThat(kit.log().heard()).hasSize(1);
    }

    @Test
    void aPkcs12FileInTheFolderHasItsPasswordBesideIt() throws IOException, GeneralSecurityException {
        Signed one = authority.sign("one.test");
        try (OutputStream out = Files.newOutputStream(folder.resolve("one.p12"))) {
            one.store("changeit".toCharArray()).store(out, "changeit".toCharArray());
        }
        Files.writeString(folder.resolve("one.password"), "changeit\n");
        TestDoor door = kit.open(Tls.patient(kit.instance()).tls(Tls.folder(folder)));

        assertThat(TlsClient.of(authority.context(), door.port(), "one.test").shown())
                .isEqualTo(one.certificate());
    }
}
