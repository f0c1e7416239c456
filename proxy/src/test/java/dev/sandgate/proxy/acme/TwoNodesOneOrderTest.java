package dev.sandgate.proxy.acme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.kit.RedisProcess;
import dev.sandgate.affinity.redis.RedisTable;
import dev.sandgate.conf.AcmeConfig;
import dev.sandgate.conf.SandgateConfig;
import dev.sandgate.conf.TableConfig;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.Pebble;
import dev.sandgate.proxy.shelf.Shelves;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two nodes that share a real Redis, and a real authority that asks either of them. */
final class TwoNodesOneOrderTest {

    @RegisterExtension
    static final Invariants KIT = new Invariants();

    private static final String[] NAMES = {"one.example.com", "two.example.com", "three.example.com"};

    private static ProofServer proofs;
    private static Pebble pebble;
    private static RedisProcess redis;

    /** A node's table, and what it orders. */
    private record Node(Vertx vertx, RedisTable table, Shelves shelves, OrderTaker taker) implements AutoCloseable {

        static Node open(AcmeConfig acme, String name) {
            Vertx vertx = Vertx.vertx();
            SandgateConfig config = DoorPlan.toUrls(URI.create("http://127.0.0.1:9"))
                    .redis(redis.url())
                    .config();
            RedisTable table = RedisTable.connect(vertx, (TableConfig.Redis) config.table(), config.pools(), name);
            Await.finished(table.start());
            Shelves shelves = new Shelves(config, table, vertx);
            OrderTaker taker = OrderTaker.begin(
                    acme,
                    kind -> CertificateOrders.SECRET_KINDS.contains(kind) ? shelves.ofSecrets(kind) : shelves.of(kind),
                    new Shift());
            return new Node(vertx, table, shelves, taker);
        }

        @Override
        public void close() {
            taker.close();
            Await.finished(shelves.close());
            Await.finished(table.close());
            Await.finished(vertx.close());
        }
    }

    @BeforeAll
    static void start() {
        Pebble.assumeThere();
        proofs = KIT.own(new ProofServer());
        pebble = KIT.own(Pebble.askingAt(proofs.port(), Pebble.Manner.USUAL));
        redis = KIT.own(RedisProcess.start());
    }

    @Test
    void placeOneOrderForEachNameAndServeTheSameCertificate() {
        AcmeConfig config = pebble.config(NAMES);
        Node one = KIT.own(Node.open(config, "one"));
        Node other = KIT.own(Node.open(config, "other"));
        proofs.from(one.taker(), other.taker());

        for (String name : NAMES) {
            assertThat(other.taker().awaitLeaf(name)).isEqualTo(one.taker().awaitLeaf(name));
        }

        assertThat(pebble.issued()).isEqualTo(NAMES.length);
        assertThat(List.of(one, other).stream()
                        .mapToLong(node -> node.taker().orders().succeeded())
                        .sum())
                .isEqualTo(NAMES.length);
        assertThat(redis.say("HGETALL", "sg:{shelf.ordered}:values")).doesNotContain("chain");
    }
}
