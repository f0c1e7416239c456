package dev.sandgate.proxy.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Certificate;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.SeenRequest;
import dev.sandgate.proxy.kit.TestDoor;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A listener with a certificate, met by the JDK's own client. */
final class TlsTest {

    private static final Certificate CERTIFICATE = Certificate.of("dns:localhost,ip:127.0.0.1");

    @RegisterExtension
    final Invariants kit = new Invariants();

    private RecordingInstance instance;

    @BeforeEach
    void start() {
        instance = kit.instance();
    }

    private TestDoor door(boolean http2) {
        return kit.open(DoorPlan.to(instance).tls(CERTIFICATE.files()).http2(http2));
    }

    private static HttpResponse<String> ask(TestDoor door, HttpClient.Version version, String body)
            throws IOException, InterruptedException {
        HttpClient client = HttpClient.newBuilder()
                .sslContext(CERTIFICATE.context())
                .version(version)
                .connectTimeout(Duration.ofSeconds(8))
                .build();
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://localhost:" + door.port() + "/path?query"))
                .timeout(Duration.ofSeconds(8))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private SSLSocket socket(TestDoor door, String... protocols) throws IOException {
        SSLSocket socket = (SSLSocket) CERTIFICATE.context().getSocketFactory().createSocket("127.0.0.1", door.port());
        socket.setSoTimeout(8_000);
        if (protocols.length > 0) {
            socket.setEnabledProtocols(protocols);
        }
        return socket;
    }

    @ParameterizedTest
    @CsvSource({"true, HTTP_2, HTTP_2", "true, HTTP_1_1, HTTP_1_1", "false, HTTP_2, HTTP_1_1"})
    void speaksWhatTheListenerAllowsAndTheClientAsksFor(
            boolean http2, HttpClient.Version asked, HttpClient.Version spoken) throws Exception {
        HttpResponse<String> answer = ask(door(http2), asked, "a body");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.version()).isEqualTo(spoken);
        assertThat(answer.body()).isEqualTo("POST /path?query");
        SeenRequest seen = instance.awaitRequest();
        assertThat(seen.body()).isEqualTo("a body");
        assertThat(seen.fields().all("X-Forwarded-Proto")).containsExactly("https");
        assertThat(seen.fields().first("Forwarded").orElseThrow()).endsWith(";proto=https");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void keepsAConnectionForManyRequests(String protocol) throws IOException {
        RawClient client = kit.own(RawClient.over(socket(door(true), protocol)));
        for (int round = 0; round < 3; round++) {
            Answer answer = client.get("/" + round).answer();
            assertThat(answer.body()).isEqualTo("GET /" + round);
        }
    }

    @Test
    void aClientThatAsksForNoProtocolByAlpnGetsHttp11() throws IOException {
        SSLSocket socket = socket(door(true));
        RawClient client = kit.own(RawClient.over(socket));

        assertThat(client.get("/").answer().status()).isEqualTo(200);
        assertThat(socket.getApplicationProtocol()).isEmpty();
    }

    @Test
    void oldProtocolsAreNotSpoken() throws IOException {
        SSLSocket socket = socket(door(true));
        String[] old = {"TLSv1.1"};
        kit.own(socket);

        assertThatThrownBy(() -> {
                    socket.setEnabledProtocols(old);
                    socket.startHandshake();
                })
                .isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void clearTextToATlsListenerIsHungUpOnWithoutALineInTheLog(boolean http2) {
        TestDoor door = door(http2);
        RawClient client = kit.own(door.connect());
        client.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");

        assertThat(client.bytesToTheEnd()).doesNotContain("HTTP/");
        assertThat(instance.heads()).isEmpty();
        assertThat(door.vitals().requests()).isZero();
    }

    @Test
    void aListenerWithoutHttp2SpeaksItNeitherByPriorKnowledge() {
        TestDoor door = kit.open(DoorPlan.to(instance).http2(false));
        RawClient client = kit.own(door.connect());
        client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0");

        assertThat(client.bytesToTheEnd()).contains(" 501 ");
        assertThat(instance.heads()).isEmpty();
    }
}
