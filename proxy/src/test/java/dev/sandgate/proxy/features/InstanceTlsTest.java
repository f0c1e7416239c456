package dev.sandgate.proxy.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Certificate;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.PoolPlan;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.TestDoor;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Instances behind TLS: who they say they are is checked, by chain and by name. */
final class InstanceTlsTest {

    @RegisterExtension
    final Invariants kit = new Invariants();

    private RecordingInstance instance(Certificate certificate) {
        return kit.own(RecordingInstance.startTls(certificate.context()));
    }

    private TestDoor door(URI url, Certificate trusted) {
        return kit.open(DoorPlan.to()
                .pool(PoolPlan.named("main", url).trust(trusted.pem().certificate())));
    }

    private Answer ask(TestDoor door) {
        return kit.own(door.connect()).get("/secret").answer();
    }

    private static void unreachable(Answer answer, RecordingInstance instance) {
        assertThat(answer.status()).isEqualTo(502);
        assertThat(new JsonObject(answer.body()).getString("reason")).isEqualTo("instance-unreachable");
        assertThat(instance.received()).allSatisfy(bytes -> assertThat(bytes).doesNotContain("secret"));
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, ip:127.0.0.1", "localhost, dns:localhost"})
    void theRightCertificateIsTakenByAddressAndByName(String host, String names) {
        Certificate certificate = Certificate.of(names);
        RecordingInstance instance = instance(certificate);
        TestDoor door = door(instance.urlAt(host), certificate);
        RawClient client = kit.own(door.connect());

        for (int round = 0; round < 2; round++) {
            assertThat(client.get("/secret").answer().body()).isEqualTo("GET /secret");
        }
        assertThat(instance.awaitRequest().connection()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, dns:localhost", "localhost, ip:127.0.0.1", "localhost, dns:other.test"})
    void aCertificateOfAnotherNameIsRefused(String host, String names) {
        Certificate certificate = Certificate.of(names);
        RecordingInstance instance = instance(certificate);

        unreachable(ask(door(instance.urlAt(host), certificate)), instance);
    }

    @Test
    void aCertificateThatNobodyTrustsIsRefused() {
        RecordingInstance instance = instance(Certificate.of("ip:127.0.0.1"));

        unreachable(ask(door(instance.url(), Certificate.of("dns:localhost"))), instance);
    }

    @Test
    void aSelfSignedCertificateIsRefusedWhereThePoolNamesNoAuthority() {
        RecordingInstance instance = instance(Certificate.of("ip:127.0.0.1"));

        unreachable(ask(kit.open(DoorPlan.to(instance))), instance);
    }

    @Test
    void anInstanceThatSpeaksClearTextIsUnreachableByTls() {
        RecordingInstance plain = kit.instance();
        URI url = URI.create("https://127.0.0.1:" + plain.port());

        Answer answer = ask(door(url, Certificate.of("ip:127.0.0.1")));
        assertThat(answer.status()).isEqualTo(502);
        assertThat(plain.requests()).isEmpty();
    }
}
