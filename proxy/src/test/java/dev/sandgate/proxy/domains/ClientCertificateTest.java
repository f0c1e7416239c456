package dev.sandgate.proxy.domains;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sandgate.conf.PolicyConfig.Authenticate;
import dev.sandgate.conf.PolicyConfig.Authorize;
import dev.sandgate.conf.PolicyConfig.ClientCertificate;
import dev.sandgate.conf.PolicyConfig.NamedBy;
import dev.sandgate.conf.PolicyConfig.Rule;
import dev.sandgate.conf.TlsConfig.ClientCertificates;
import dev.sandgate.proxy.kit.Authority;
import dev.sandgate.proxy.kit.Authority.Signed;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.TestDoor;
import dev.sandgate.proxy.kit.TlsClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Callers who are known by the certificate of their connection. */
final class ClientCertificateTest {

    @RegisterExtension
    final Invariants kit = new Invariants();

    private final Path folder;

    private final Authority domains = new Authority("domains");
    private final Authority people = new Authority("people");
    private RecordingInstance instance;

    ClientCertificateTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeEach
    void start() {
        instance = kit.instance();
    }

    private DoorPlan plan(boolean required, NamedBy by, String principal) throws IOException {
        Path authorities = Files.writeString(folder.resolve("people.pem"), people.pem());
        return Tls.patient(instance)
                .policies(
                        new Authenticate("who", List.of(new ClientCertificate(by)), false, Optional.empty()),
                        new Authorize(
                                "may",
                                Set.of(),
                                List.of(new Rule(
                                        true, Set.of(), List.of(), Set.of(principal), Set.of(), Set.of(), List.of())),
                                false))
                .tls(Tls.clients(folder, domains.sign("one.test"), new ClientCertificates(authorities, required)));
    }

    private TlsClient client(TestDoor door, Signed... shown) {
        return TlsClient.of(domains.context(shown), door.port(), "one.test");
    }

    private Signed alice() {
        return people.signClient(
                "OU=ops,CN=alice",
                new GeneralName(GeneralName.rfc822Name, "alice@people.test"),
                new GeneralName(GeneralName.uniformResourceIdentifier, "spiffe://people/alice"),
                new GeneralName(GeneralName.dNSName, "alice.people.test"));
    }

    @ParameterizedTest
    @CsvSource({
        "COMMON_NAME, clientCertificate:CN=people|alice",
        "DNS_NAME, clientCertificate:CN=people|alice.people.test",
        "URI, clientCertificate:CN=people|spiffe://people/alice",
        "EMAIL, clientCertificate:CN=people|alice@people.test"
    })
    void areThosePrincipals(NamedBy by, String principal) throws IOException {
        TestDoor door = kit.open(plan(false, by, principal));

        assertThat(client(door, alice()).get("one.test").status()).isEqualTo(200);
        Signed bob = people.signClient("CN=bob");
        assertThat(client(door, bob).get("one.test").status()).isEqualTo(by == NamedBy.COMMON_NAME ? 403 : 401);
    }

    @Test
    void areNobodyWithoutOneWhereItIsNotRequired() throws IOException {
        TestDoor door = kit.open(plan(false, NamedBy.COMMON_NAME, "alice"));

        var answer = client(door).get("one.test");
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.fields().all("WWW-Authenticate")).containsExactly("Certificate");
    }

    @Test
    void doNotComeInWithoutOneWhereItIsRequired() throws IOException {
        TestDoor door = kit.open(plan(true, NamedBy.COMMON_NAME, "alice"));

        assertThat(client(door, alice()).get("one.test").status()).isEqualTo(200);
        assertThatThrownBy(() -> client(door).speaking("TLSv1.2").connect()).isInstanceOf(IOException.class);
    }

    @Test
    void doNotComeInWithOneThatNobodyVouchesFor() throws IOException {
        TestDoor door = kit.open(plan(false, NamedBy.COMMON_NAME, "alice"));
        // of another authority with the same name, so that the client's own Java brings it along
        Signed forged = new Authority("people").signClient("CN=alice");

        assertThatThrownBy(() -> client(door, forged).speaking("TLSv1.2").get("one.test"))
                .isInstanceOf(IOException.class);
        assertThat(instance.heads()).isEmpty();
    }

    @Test
    void areNotBelievedInAField() throws IOException {
        TestDoor door = kit.open(Tls.patient(instance));
        try (RawClient client = door.connect()) {
            client.get("/x", "X-Forwarded-Client-Cert: Subject=\"CN=alice\"\r\n")
                    .answer();
        }
        assertThat(instance.awaitRequest().fields().all("X-Forwarded-Client-Cert"))
                .isEmpty();
    }
}
