package dev.sandgate.proxy.acme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.ListenerConfig;
import dev.sandgate.conf.RouteConfig;
import dev.sandgate.conf.SandgateConfig;
import dev.sandgate.conf.TlsConfig;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.Pebble;
import dev.sandgate.proxy.kit.PoolPlan;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A whole door, with a tenant who would like to answer in its place, and a real authority. */
final class DoorOrdersTest {

    @RegisterExtension
    static final Invariants KIT = new Invariants();

    private static final String NAME = "door.example.com";

    private static Pebble pebble;
    private static RecordingInstance tenant;
    private static TestDoor door;

    @BeforeAll
    static void open(@TempDir Path state) throws IOException {
        Pebble.assumeThere();
        int port = Pebble.freePort();
        pebble = KIT.own(Pebble.askingAt(port, Pebble.Manner.USUAL));
        tenant = KIT.instance().answering(Script.ok("the tenant's own proof"));
        DoorPlan plan = DoorPlan.toUrls()
                .pool(PoolPlan.of("tenant", tenant))
                .route(RouteConfig.plain(
                        "greedy",
                        List.of(NAME),
                        List.of("/.well-known/acme-challenge"),
                        Map.of(),
                        "tenant",
                        List.of(),
                        List.of(),
                        false))
                .state(state)
                .withoutMain();
        door = KIT.open(ordering(plan.acme(pebble.config(NAME)).config(), port));
        Await.until(() -> shown(NAME).isPresent(), () -> pebble.log().toString());
    }

    private static SandgateConfig ordering(SandgateConfig config, int port) {
        ListenerConfig plain = Objects.requireNonNull(config.listeners().get("public"));
        Map<String, ListenerConfig> listeners = new LinkedHashMap<>();
        listeners.put("public", listener(plain, "public", port, Optional.empty()));
        TlsConfig nobody = new TlsConfig(
                Optional.empty(), List.of(), Optional.empty(), TlsConfig.Version.TLS_1_2, Optional.empty());
        listeners.put("secure", listener(plain, "secure", 0, Optional.of(nobody)));
        return new SandgateConfig(
                listeners,
                config.admin(),
                config.node(),
                config.table(),
                config.pools(),
                config.routes(),
                config.acme(),
                config.shutdownTimeout(),
                config.accessLog(),
                config.state(),
                config.hints());
    }

    private static ListenerConfig listener(ListenerConfig like, String name, int port, Optional<TlsConfig> tls) {
        return new ListenerConfig(
                name,
                like.host(),
                port,
                tls,
                like.httpsPort(),
                like.hsts(),
                like.http2(),
                like.trustedProxies(),
                like.limits());
    }

    /** Whose certificate the door shows to who asks for this name; empty: none. */
    private static Optional<X509Certificate> shown(String name) {
        try (SSLSocket socket = (SSLSocket) trustful()
                .getSocketFactory()
                .createSocket("127.0.0.1", door.door().port("secure"))) {
            SSLParameters asked = socket.getSSLParameters();
            asked.setServerNames(List.of(new SNIHostName(name)));
            socket.setSSLParameters(asked);
            socket.setSoTimeout((int) Await.PATIENCE.toMillis());
            socket.startHandshake();
            return Optional.of((X509Certificate) socket.getSession().getPeerCertificates()[0]);
        } catch (SSLException refused) {
            return Optional.empty();
        } catch (IOException | GeneralSecurityException failed) {
            throw new AssertionError(failed);
        }
    }

    private static SSLContext trustful() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                null,
                new TrustManager[] {
                    new X509TrustManager() {
                        @Override
                        public void checkClientTrusted(X509Certificate[] chain, String type) {}

                        @Override
                        public void checkServerTrusted(X509Certificate[] chain, String type) {}

                        @Override
                        public X509Certificate[] getAcceptedIssuers() {
                            return new X509Certificate[0];
                        }
                    }
                },
                null);
        return context;
    }

    @Test
    void servesWhatItOrderedToWhoAsksForTheName() {
        X509Certificate shown = shown(NAME).orElseThrow();

        assertThat(shown.getIssuerX500Principal().getName()).contains("Pebble Intermediate");
        assertThat(pebble.asked(NAME)).isPositive();
    }

    @Test
    void letsNoTenantAnswerTheAuthority() {
        try (RawClient client = door.connect()) {
            String head = "GET /.well-known/acme-challenge/of-the-tenants-own-account HTTP/1.1\r\nHost: " + NAME;
            assertThat(client.send(head + "\r\n\r\n").answer().status()).isEqualTo(404);
        }
        assertThat(tenant.requests()).isEmpty();
    }

    @Test
    void ordersForNoNameThatNobodyWants() {
        assertThat(shown("stranger.example.com")).isEmpty();
        try (RawClient client = door.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: stranger.example.com\r\n\r\n").answer();
        }
        assertThat(pebble.log()).noneMatch(line -> line.contains("stranger"));
        assertThat(pebble.issued()).isEqualTo(1);
    }
}
