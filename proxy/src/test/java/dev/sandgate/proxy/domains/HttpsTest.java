package dev.sandgate.proxy.domains;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.HstsConfig;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Authority;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import dev.sandgate.proxy.kit.TlsClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who comes in clear text, and what who comes by https is told. */
final class HttpsTest {

    @RegisterExtension
    final Invariants kit = new Invariants();

    private final Path folder;

    private RecordingInstance instance;

    HttpsTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeEach
    void start() {
        instance = kit.instance();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, 443, a.test, /x?y=1, 301, https://a.test/x?y=1",
        "HEAD, 443, A.test:80, /, 301, https://a.test/",
        "POST, 8443, a.test:8080, /x, 308, https://a.test:8443/x",
        "DELETE, 443, [::1]:80, //b.test/, 308, https://[::1]//b.test/",
        "GET, 443, a.test, http://b.test/x, 301, https://b.test/x"
    })
    void whoComesInClearTextIsSentToTheSamePlaceByHttps(
            String method, int port, String host, String target, int status, String location) {
        TestDoor door = kit.open(Tls.patient(instance).redirecting(port));
        try (RawClient client = door.connect()) {
            client.send(method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 0\r\n\r\n");
            Answer answer = client.answer(method).orElseThrow();
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.fields().all("Location")).containsExactly(location);
        }
        assertThat(instance.heads()).isEmpty();
    }

    @Test
    void aBodyOnTheWayIsNotReadAsTheNextRequest() {
        TestDoor door = kit.open(Tls.patient(instance).redirecting(443));
        try (RawClient client = door.connect()) {
            client.send("POST /x HTTP/1.1\r\nHost: a.test\r\nContent-Length: 40\r\n\r\n"
                    + "GET /y HTTP/1.1\r\nHost: a.test\r\n\r\n12345678");
            assertThat(client.answersToTheEnd()).extracting(Answer::status).containsExactly(308);
        }
    }

    @Test
    void whoComesByHttpsIsToldToComeBackSo() throws IOException {
        instance.answering(
                Script.raw("HTTP/1.1 200 OK\r\nStrict-Transport-Security: max-age=1\r\nContent-Length: 0\r\n\r\n"));
        Authority authority = new Authority("domains");
        TestDoor door = kit.open(Tls.patient(instance)
                .at("/x")
                .tls(Tls.usual(folder, authority.sign("one.test")))
                .hsts(new HstsConfig(Duration.ofDays(2), true, true)));

        TlsClient client = TlsClient.of(authority.context(), door.port(), "one.test");
        assertThat(client.get("one.test").fields().all("Strict-Transport-Security"))
                .containsExactly("max-age=172800; includeSubDomains; preload");
        Answer refused = client.get("two.test");
        assertThat(refused.status()).isEqualTo(421);
        assertThat(refused.fields().all("Strict-Transport-Security"))
                .containsExactly("max-age=172800; includeSubDomains; preload");
    }
}
