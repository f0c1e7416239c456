package dev.sandgate.proxy.domains;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Authority;
import dev.sandgate.proxy.kit.Authority.Signed;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Fields;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RawHttp2Client;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.TestDoor;
import dev.sandgate.proxy.kit.TlsClient;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests for another host than the one that their connection was made for. */
final class MisdirectedTest {

    @RegisterExtension
    final Invariants kit = new Invariants();

    private final Path folder;

    private final Authority authority = new Authority("domains");
    private RecordingInstance instance;

    MisdirectedTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeEach
    void start() {
        authority.sign("one.test").write(folder, "one");
        authority.sign("two.test").write(folder, "two");
        instance = kit.instance();
    }

    private DoorPlan plan() {
        Signed usual = authority.sign("usual.test", "other.test");
        return Tls.patient(instance).tls(Tls.usual(folder, usual));
    }

    private TlsClient client(TestDoor door, String name) {
        return TlsClient.of(authority.context(), door.port(), name);
    }

    @Test
    void areRefusedAndReachNobody() throws IOException {
        TestDoor door = kit.open(plan());

        assertThat(client(door, "one.test").get("two.test").refusal()).isEqualTo("misdirected");
        assertThat(client(door, "one.test").get("unknown.test").status()).isEqualTo(421);
        assertThat(instance.heads()).isEmpty();
        assertThat(client(door, "one.test").get("ONE.test:443").status()).isEqualTo(200);
    }

    @Test
    void areRefusedEachWhileOthersOnTheSameConnectionPass() throws IOException {
        TestDoor door = kit.open(plan());
        try (RawClient client = RawClient.over(client(door, "one.test").connect())) {
            for (String host : List.of("one.test", "two.test", "one.test", "two.test")) {
                client.send("GET /x HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
                assertThat(client.answer().status()).isEqualTo(host.equals("one.test") ? 200 : 421);
            }
        }
    }

    @Test
    void areRefusedInHttp2() throws IOException {
        TestDoor door = kit.open(plan());
        SSLSocket socket = client(door, "one.test").offering("h2").connect();
        RawHttp2Client client = kit.own(RawHttp2Client.over(socket));

        assertThat(client.awaitEnd(client.open(head("two.test"), true)).status())
                .hasValue(421);
        assertThat(client.awaitEnd(client.open(head("one.test"), true)).status())
                .hasValue(200);
    }

    private static Fields head(String host) {
        return new Fields(List.of(
                new Fields.Field(":method", "GET"),
                new Fields.Field(":scheme", "https"),
                new Fields.Field(":authority", host),
                new Fields.Field(":path", "/x")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void areRefusedOnASessionThatIsResumedByAnotherName(String version) throws IOException {
        TestDoor door = kit.open(plan());
        SSLContext context = authority.context();
        TlsClient one = TlsClient.of(context, door.port(), "one.test").speaking(version);
        X509Certificate ofOne = one.shown();
        // a ticket of TLS 1.3 comes with the answer, and is good once
        assertThat(one.get("one.test").status()).isEqualTo(200);

        try (SSLSocket socket =
                TlsClient.of(context, door.port(), "two.test").speaking(version).connect()) {
            assertThat(socket.getSession().getPeerCertificates()[0])
                    .as("of the session that is resumed")
                    .isEqualTo(ofOne);
            RawClient client = RawClient.over(socket);
            client.send("GET /x HTTP/1.1\r\nHost: two.test\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(421);
        }
    }

    @Test
    void areThoseForACertificateOfItsOwnByWhoNamedNobody() throws IOException {
        TestDoor door = kit.open(plan());

        assertThat(client(door, "").get("two.test").refusal()).isEqualTo("misdirected");
        assertThat(client(door, "").get("usual.test").status()).isEqualTo(200);
        assertThat(client(door, "").get("unknown.test").status()).isEqualTo(200);
    }

    @Test
    void areNotThoseOfAProxyThatIsBelieved() throws IOException {
        TestDoor door = kit.open(plan().trusting("127.0.0.1"));

        assertThat(client(door, "one.test").get("two.test").status()).isEqualTo(200);
    }
}
