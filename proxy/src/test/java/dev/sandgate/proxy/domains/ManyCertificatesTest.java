package dev.sandgate.proxy.domains;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Authority;
import dev.sandgate.proxy.kit.Authority.Signed;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.TestDoor;
import dev.sandgate.proxy.kit.TlsClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A thousand names in a folder. */
final class ManyCertificatesTest {

    private static final int DOMAINS = 1_000;
    private static final int SAMPLED = 50;

    @RegisterExtension
    final Invariants kit = new Invariants();

    private final Authority authority = new Authority("domains");

    @Test
    void eachNameIsShownItsOwnCertificate(@TempDir Path folder) throws IOException {
        Signed first = authority.sign(name(0));
        List<Signed> signed = new ArrayList<>();
        for (int at = 0; at < DOMAINS; at++) {
            signed.add(authority.signAgain(first, name(at)));
            signed.get(at).write(folder, "d" + at);
        }
        TestDoor door = kit.open(Tls.patient(kit.instance()).tls(Tls.folder(folder)));

        for (int at = 0; at < DOMAINS; at += DOMAINS / SAMPLED) {
            TlsClient client = TlsClient.of(authority.context(), door.port(), name(at))
                    .speaking(at % (2 * DOMAINS / SAMPLED) == 0 ? "TLSv1.3" : "TLSv1.2")
                    .offering("h2", "http/1.1");
            try (SSLSocket socket = client.connect()) {
                assertThat(socket.getSession().getPeerCertificates()[0])
                        .as(name(at))
                        .isEqualTo(signed.get(at).certificate());
                assertThat(socket.getApplicationProtocol()).isEqualTo("h2");
            }
        }
    }

    private static String name(int at) {
        return "d" + at + ".many.test";
    }
}
