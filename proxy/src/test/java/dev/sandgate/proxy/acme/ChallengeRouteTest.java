package dev.sandgate.proxy.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sandgate.affinity.redis.RedisTable;
import dev.sandgate.conf.AcmeConfig;
import dev.sandgate.conf.SandgateConfig;
import dev.sandgate.conf.TableConfig;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.Nodes;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.TestDoor;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Below {@code /.well-known/acme-challenge/} the door answers, and no tenant: the route here takes every path. */
final class ChallengeRouteTest {

    @RegisterExtension
    static final Invariants KIT = new Invariants();

    private static final String TOKEN = "LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0";
    private static final String PROOF = TOKEN + ".9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI";

    private static RecordingInstance tenant;
    private static TestDoor ordering;
    private static TestDoor plain;

    @BeforeAll
    static void open() {
        tenant = KIT.instance();
        plain = KIT.open(DoorPlan.to(tenant));
        Nodes nodes = KIT.nodes();
        DoorPlan plan = DoorPlan.to(tenant).acme(acme(Optional.empty()));
        ordering = nodes.open(plan);
        another(plan.config());
    }

    private static AcmeConfig acme(Optional<Path> authorities) {
        return new AcmeConfig(
                URI.create("https://127.0.0.1:9/dir"), List.of(), authorities, Optional.empty(), List.of());
    }

    /** Another node, that has an order under way. */
    private static void another(SandgateConfig config) {
        Vertx vertx = Vertx.vertx();
        KIT.own(() -> Await.finished(vertx.close()));
        RedisTable table = RedisTable.connect(vertx, (TableConfig.Redis) config.table(), config.pools(), "another");
        KIT.own(() -> Await.finished(table.close()));
        Await.finished(table.start());
        Await.finished(
                Challenges.on(table.shelf("challenges"), System::nanoTime).show(TOKEN, PROOF, Instant.now()));
    }

    private static Answer ask(TestDoor door, String request) {
        try (RawClient client = door.connect()) {
            String method = request.substring(0, request.indexOf(' '));
            return client.send(request).answer(method).orElseThrow();
        }
    }

    private static String head(String method, String path) {
        return method + " " + path + " HTTP/1.1\r\nHost: any.example.com\r\n";
    }

    @Test
    void answersWhatAnotherNodeIsAskedFor() {
        Answer answer = ask(ordering, head("GET", Challenges.PATH + TOKEN) + "\r\n");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(PROOF);
        assertThat(ask(ordering, head("HEAD", Challenges.PATH + TOKEN) + "\r\n").status())
                .isEqualTo(200);
        assertThat(tenant.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/.well-known/acme-challenge/made-up-by-a-tenant-of-ours",
                "/.well-known/acme-challenge/",
                "/.well-known/acme-challenge/a/b",
                "/.well-known/acme-challenge/made-up-by-a-tenant-of-ours?with=a-query",
                "/%2ewell-known/acme-challenge/made-up-by-a-tenant-of-ours",
                "/x/../.well-known/acme-challenge/made-up-by-a-tenant-of-ours",
                "//.well-known//acme-challenge/made-up-by-a-tenant-of-ours"
            })
    void leavesWhatItDoesNotKnowToNobody(String path) {
        for (TestDoor door : List.of(ordering, plain)) {
            assertThat(ask(door, head("GET", path) + "\r\n").status()).isIn(400, 404);
        }
        assertThat(tenant.requests()).isEmpty();
    }

    @Test
    void leavesNoUploadToATenantEither() {
        String upload = head("POST", Challenges.PATH + TOKEN) + "Content-Length: 5\r\n\r\nhello";

        assertThat(ask(ordering, upload).status()).isEqualTo(404);
        assertThat(tenant.requests()).isEmpty();
    }

    @Test
    void refusesToOpenWhereAFileSaysNotWhomToTrust(@TempDir Path folder) throws Exception {
        Path empty = Files.writeString(folder.resolve("ca.pem"), "nothing\n");
        DoorPlan plan = DoorPlan.to(tenant).acme(acme(Optional.of(empty)));

        assertThatThrownBy(() -> TestDoor.open(plan).close())
                .cause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("acme.authorities: ");
    }
}
