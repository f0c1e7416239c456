package dev.sandgate.proxy.domains;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sandgate.proxy.kit.Authority;
import dev.sandgate.proxy.kit.Authority.Signed;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.TestDoor;
import dev.sandgate.proxy.kit.TlsClient;
import java.io.IOException;
import java.nio.file.Path;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that no certificate is for. */
final class UnknownNameTest {

    @RegisterExtension
    final Invariants kit = new Invariants();

    private final Path folder;

    private final Authority authority = new Authority("domains");
    private Signed one;
    private Signed wild;

    UnknownNameTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeEach
    void write() {
        one = authority.sign("one.test");
        wild = authority.sign("*.apps.test");
        one.write(folder, "one");
        wild.write(folder, "wild");
    }

    private TlsClient client(TestDoor door, String name) {
        return TlsClient.of(authority.context(), door.port(), name);
    }

    private TestDoor doorWithoutUsual() {
        return kit.open(Tls.patient(kit.instance()).tls(Tls.folder(folder)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void whoAsksForOneIsToldSoAndShownNoOthers(String version) {
        TestDoor door = doorWithoutUsual();

        assertThatThrownBy(() -> client(door, "two.test").speaking(version).connect())
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("unrecognized_name");
        assertThatThrownBy(() -> client(door, "a.b.apps.test").speaking(version).connect())
                .hasMessageContaining("unrecognized_name");
        assertThatThrownBy(() -> client(door, "apps.test").speaking(version).connect())
                .hasMessageContaining("unrecognized_name");
    }

    @Test
    void whoAsksForNoneIsShownNone() {
        TestDoor door = doorWithoutUsual();

        assertThatThrownBy(() -> client(door, "").connect()).hasMessageContaining("handshake_failure");
    }

    @Test
    void aWildcardIsForOneLabel() throws IOException {
        assertThat(client(doorWithoutUsual(), "A.apps.test").shown()).isEqualTo(wild.certificate());
    }

    @Test
    void theUsualOneIsShownForThemAndForWhoAsksForNone() throws IOException {
        Signed usual = authority.sign("usual.test");
        TestDoor door = kit.open(Tls.patient(kit.instance()).tls(Tls.usual(folder, usual)));

        assertThat(client(door, "two.test").shown()).isEqualTo(usual.certificate());
        assertThat(client(door, "").shown()).isEqualTo(usual.certificate());
        assertThat(client(door, "one.test").shown()).isEqualTo(one.certificate());
    }
}
