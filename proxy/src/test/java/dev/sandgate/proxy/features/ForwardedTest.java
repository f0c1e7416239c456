package dev.sandgate.proxy.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Fields;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.TestDoor;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom the instance and the log take for the client: the peer, or what proxies say that are trusted. */
final class ForwardedTest {

    private static final String STRANGER = "127.0.0.1";
    private static final String PROXY = "127.0.0.2";

    @RegisterExtension
    static final Invariants KIT = new Invariants();

    private static RecordingInstance instance;
    private static TestDoor door;
    private static int asked;

    @BeforeAll
    static void open() {
        instance = KIT.instance();
        door = KIT.open(DoorPlan.to(instance).trusting(PROXY, "10.0.0.0/8", "2001:db8:1::/48"));
    }

    private record Seen(Fields fields, String client) {}

    private static Seen ask(String source, String... lines) {
        String id = "asked-" + ++asked;
        try (RawClient client = RawClient.from(source, door.port())) {
            client.get("/" + id, String.join("", lines), "X-Request-Id: " + id + "\r\n");
            assertThat(client.answer().status()).isEqualTo(200);
        }
        return new Seen(
                instance.awaitRequest(seen -> seen.target().equals("/" + id)).fields(), clientOf(door, id));
    }

    private static String clientOf(TestDoor where, String id) {
        Await.until(() -> where.accessLog().stream().anyMatch(line -> line.contains(id)), () -> "no line for " + id);
        return where.accessLog().stream()
                .filter(line -> line.contains(id))
                .map(line -> new JsonObject(line).getString("client"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatAStrangerSaysOfItselfIsReplaced() {
        Seen seen = ask(
                STRANGER,
                "X-Forwarded-For: 1.2.3.4\r\n",
                "x-forwarded-for: 5.6.7.8\r\n",
                "X-Forwarded-Proto: https\r\n",
                "X-Forwarded-Host: bank.test\r\n",
                "X-Forwarded-Port: 443\r\n",
                "X-Forwarded-Prefix: /admin\r\n",
                "X-Real-Ip: 1.2.3.4\r\n",
                "Forwarded: for=1.2.3.4;proto=https\r\n");

        assertThat(seen.fields().lines("X-Forwarded"))
                .containsExactly("x-forwarded-for: 127.0.0.1", "x-forwarded-proto: http", "x-forwarded-host: a.test");
        assertThat(seen.fields().all("Forwarded")).containsExactly("for=127.0.0.1;host=\"a.test\";proto=http");
        assertThat(seen.fields().has("X-Real-Ip")).isFalse();
        assertThat(seen.client()).isEqualTo("127.0.0.1");
    }

    @Test
    void aClientThatSaysNothingIsToldOf() {
        Seen seen = ask(STRANGER);

        assertThat(seen.fields().all("X-Forwarded-For")).containsExactly("127.0.0.1");
        assertThat(seen.fields().all("Forwarded")).containsExactly("for=127.0.0.1;host=\"a.test\";proto=http");
    }

    @Test
    void whatATrustedProxySaysIsBelievedAndAppendedTo() {
        Seen seen = ask(
                PROXY,
                "X-Forwarded-For: 9.9.9.9\r\n",
                "X-Forwarded-For: 1.2.3.4\r\n",
                "X-Forwarded-Proto: https\r\n",
                "X-Forwarded-Host: shop.test\r\n",
                "X-Forwarded-Port: 443\r\n",
                "X-Forwarded-Prefix: /shop\r\n",
                "X-Real-Ip: 1.2.3.4\r\n",
                "Forwarded: for=1.2.3.4;proto=https\r\n");

        assertThat(seen.fields().all("X-Forwarded-For")).containsExactly("9.9.9.9, 1.2.3.4, 127.0.0.2");
        assertThat(seen.fields().all("X-Forwarded-Proto")).containsExactly("https");
        assertThat(seen.fields().all("X-Forwarded-Host")).containsExactly("shop.test");
        assertThat(seen.fields().all("X-Forwarded-Port")).containsExactly("443");
        assertThat(seen.fields().all("X-Forwarded-Prefix")).containsExactly("/shop");
        assertThat(seen.fields().all("X-Real-Ip")).containsExactly("1.2.3.4");
        assertThat(seen.fields().all("Forwarded"))
                .containsExactly("for=1.2.3.4;proto=https, for=127.0.0.2;host=\"a.test\";proto=http");
        assertThat(seen.client()).isEqualTo("1.2.3.4");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1.2.3.4                        | 1.2.3.4",
                "1.2.3.4,5.6.7.8                | 5.6.7.8",
                "1.2.3.4, 10.1.2.3              | 1.2.3.4",
                "6.6.6.6, 1.2.3.4, 10.1.2.3     | 1.2.3.4",
                "1.2.3.4, 10.1.2.3, 127.0.0.2   | 1.2.3.4",
                "10.9.9.9, 10.1.2.3             | 10.9.9.9",
                "2001:db8:2::1                  | 2001:db8:2::1",
                "2001:DB8:2:0:0:0:0:1           | 2001:db8:2::1",
                "2001:db8:2::1, 2001:db8:1::7   | 2001:db8:2::1",
                "[2001:db8:2::1]                | 2001:db8:2::1",
                "[2001:db8:2::1]:4711           | 2001:db8:2::1",
                "1.2.3.4:4711                   | 1.2.3.4",
                "unknown                        | 127.0.0.2",
                "1.2.3.4, unknown               | 127.0.0.2",
                "unknown, 1.2.3.4               | 1.2.3.4",
                "1.2.3.4, 10.1.2.3, _hidden     | 127.0.0.2",
                "1.2.3.4, 10.0.0.0/8            | 127.0.0.2",
                "1.2.3.*                        | 127.0.0.2",
                "1.2.3                          | 127.0.0.2",
                "16909060                       | 127.0.0.2",
                "1.2.3.4,                       | 127.0.0.2",
                "''                             | 127.0.0.2"
            })
    void theClientIsTheNearestAddressThatIsNoTrustedProxy(String chain, String client) {
        Seen seen = ask(PROXY, "X-Forwarded-For: " + chain + "\r\n");

        assertThat(seen.client()).isEqualTo(client);
    }

    @Test
    void aTrustedProxyThatSaysNothingIsTheClient() {
        Seen seen = ask(PROXY);

        assertThat(seen.client()).isEqualTo(PROXY);
        assertThat(seen.fields().all("X-Forwarded-For")).containsExactly(PROXY);
        assertThat(seen.fields().all("X-Forwarded-Host")).containsExactly("a.test");
    }

    @Test
    void anEmptyChainIsNoHop() {
        Seen seen = ask(PROXY, "X-Forwarded-For:\r\n", "Forwarded:\r\n");

        assertThat(seen.fields().all("X-Forwarded-For")).containsExactly(PROXY);
        assertThat(seen.fields().all("Forwarded")).containsExactly("for=127.0.0.2;host=\"a.test\";proto=http");
    }

    @ParameterizedTest
    @CsvSource({"HTTPS, http", "'https, http', http", "ftp, http", "http, http"})
    void onlyAKnownSchemeIsBelieved(String said, String told) {
        assertThat(ask(PROXY, "X-Forwarded-Proto: " + said + "\r\n").fields().all("X-Forwarded-Proto"))
                .containsExactly(told);
    }

    @Test
    void requestsOfManyHostsOnOneConnectionAreToldApart() {
        try (RawClient client = door.connect()) {
            for (String host : List.of("one.test", "two.test", "one.test")) {
                instance.forget();
                client.send("GET /hosts HTTP/1.1\r\nHost: " + host + "\r\n\r\n").answer();
                Fields fields = instance.awaitRequest().fields();
                assertThat(fields.all("X-Forwarded-Host")).containsExactly(host);
                assertThat(fields.all("Forwarded").toString()).contains("host=\"" + host + "\"");
            }
        }
    }

    @Test
    void anIpv6ClientIsWrittenAsTheRfcsWant() {
        assumeTrue(hasIpv6(), "this machine has no ::1");
        TestDoor six = KIT.open(DoorPlan.to(instance).listeningOn("::1").trusting("::1/128"));
        try (RawClient client = RawClient.from("::1", "::1", six.port())) {
            client.get("/six", "X-Request-Id: six\r\n", "X-Forwarded-For: 2001:db8::9\r\n")
                    .answer();
        }
        Fields fields =
                instance.awaitRequest(seen -> seen.target().equals("/six")).fields();

        assertThat(fields.all("X-Forwarded-For")).containsExactly("2001:db8::9, ::1");
        assertThat(fields.all("Forwarded")).containsExactly("for=\"[::1]\";host=\"a.test\";proto=http");
        assertThat(clientOf(six, "six")).isEqualTo("2001:db8::9");
    }

    private static boolean hasIpv6() {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(InetAddress.getAllByName("::1")[0], 0));
            return true;
        } catch (IOException none) {
            return false;
        }
    }
}
