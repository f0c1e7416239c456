package dev.sandgate.proxy.acme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.AffinityTable;
import dev.sandgate.affinity.memory.MemoryTable;
import dev.sandgate.conf.AcmeConfig;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.Pebble;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One node and a real authority. */
final class PebbleTest {

    @RegisterExtension
    static final Invariants KIT = new Invariants();

    private static ProofServer proofs;
    private static Pebble pebble;

    private final Shift clock = new Shift();
    private final AffinityTable table = new MemoryTable(Map.of(), System::nanoTime);

    @BeforeAll
    static void start() {
        Pebble.assumeThere();
        proofs = KIT.own(new ProofServer());
        pebble = KIT.own(Pebble.askingAt(proofs.port(), Pebble.Manner.USUAL));
    }

    @BeforeEach
    void answer() {
        proofs.mute(false);
    }

    private OrderTaker taker(AcmeConfig config) {
        OrderTaker taker = KIT.own(OrderTaker.begin(config, table::shelf, clock));
        proofs.from(taker);
        return taker;
    }

    @Test
    void ordersAnswersAndServes() throws Exception {
        OrderTaker taker = taker(pebble.config("order.example.com"));

        X509Certificate leaf = taker.awaitLeaf("order.example.com");

        assertThat(leaf.getSubjectAlternativeNames()).singleElement().satisfies(name -> assertThat(name.get(1))
                .isEqualTo("order.example.com"));
        assertThat(leaf.getPublicKey().getAlgorithm()).isEqualTo("EC");
        assertThat(taker.orders().succeeded()).isEqualTo(1);
    }

    @Test
    void renewsAfterTwoThirdsOfItsLife() {
        OrderTaker taker = taker(pebble.config("renew.example.com"));
        X509Certificate first = taker.awaitLeaf("renew.example.com");
        Instant from = first.getNotBefore().toInstant();
        Duration life = Duration.between(from, first.getNotAfter().toInstant());
        long before = pebble.issued();

        clock.on(life.multipliedBy(63).dividedBy(100));
        taker.orders().want(Set.of("beside.example.com"));
        taker.awaitLeaf("beside.example.com");
        assertThat(taker.leaf("renew.example.com")).contains(first);
        assertThat(pebble.issued()).isEqualTo(before + 1);

        clock.on(life.multipliedBy(4).dividedBy(100));
        Await.until(
                () -> !taker.leaf("renew.example.com").equals(Optional.of(first)),
                () -> "not renewed: " + taker.orders().states());
    }

    @Test
    void keepsTheOldCertificateAndBacksOffWhereARenewalFails() {
        String name = "fails.example.com";
        OrderTaker taker = taker(pebble.config(name));
        X509Certificate first = taker.awaitLeaf(name);
        KIT.log().expect("no certificate for " + name + ": urn:ietf:params:acme:error:unauthorized");
        proofs.mute(true);

        clock.on(Duration.between(Instant.now(), first.getNotAfter().toInstant())
                .multipliedBy(7)
                .dividedBy(10));
        Await.until(
                () -> taker.failures(name) == 1, () -> taker.orders().states().toString());
        long asked = pebble.asked(name);
        assertThat(asked).isPositive();

        // neither this node nor another life of it tries before a minute is over
        taker.close();
        OrderTaker again = taker(pebble.config(name, "else.example.com"));
        proofs.mute(false);
        again.awaitLeaf("else.example.com");
        assertThat(pebble.asked(name)).isEqualTo(asked);
        assertThat(again.leaf(name)).contains(first);
        assertThat(again.failures(name)).isEqualTo(1);

        proofs.mute(true);
        clock.on(Duration.ofSeconds(67));
        Await.until(
                () -> again.failures(name) == 2, () -> again.orders().states().toString());
        proofs.mute(false);
        clock.on(Duration.ofSeconds(133));
        Await.until(
                () -> !again.leaf(name).equals(Optional.of(first)),
                () -> again.orders().states().toString());
        Await.until(
                () -> again.failures(name) == 0, () -> again.orders().states().toString());
    }

    @Test
    void ordersForNamesThatAreWantedLaterAndServesThemNoLongerThanThat() {
        OrderTaker taker = taker(pebble.config("always.example.com"));
        taker.awaitLeaf("always.example.com");

        taker.orders().want(Set.of("guest.example.com"));
        taker.awaitLeaf("guest.example.com");
        long issued = pebble.issued();
        taker.orders().want(Set.of());
        Await.until(() -> taker.leaf("guest.example.com").isEmpty(), () -> "served still");
        taker.orders().want(Set.of("guest.example.com"));
        taker.awaitLeaf("guest.example.com");

        assertThat(taker.leaf("always.example.com")).isPresent();
        assertThat(pebble.issued()).isEqualTo(issued);
    }
}
