package dev.sandgate.policies.limit;

import static dev.sandgate.policies.limit.Limits.aftermath;
import static dev.sandgate.policies.limit.Limits.by;
import static dev.sandgate.policies.limit.Limits.ended;
import static dev.sandgate.policies.limit.Limits.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.kit.Seeds;
import dev.sandgate.conf.PolicyConfig.Part;
import dev.sandgate.policies.Aftermath;
import dev.sandgate.policies.Verdict;
import dev.sandgate.policies.Verdict.Pass;
import dev.sandgate.policies.Verdict.Refuse;
import dev.sandgate.policies.Verdict.Why;
import dev.sandgate.policies.kit.PlainSeen;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How much may be under way at the same time. */
final class ConcurrencyTest {

    private final Counts requests = new Counts(3);
    private final Counts streams = new Counts(2);
    private final Concurrency limit = new Concurrency(new KeyReader(by(Part.IP)), requests, streams);

    @Test
    void refusesWhatIsTooMuchUntilSomethingIsOver() {
        Aftermath first = aftermath(limit.check(PlainSeen.get("/")));
        aftermath(limit.check(PlainSeen.get("/")));
        aftermath(limit.check(PlainSeen.get("/")));
        Refuse refused = refused(limit.check(PlainSeen.get("/")));
        assertThat(refused.why()).isEqualTo(Why.CONCURRENCY_LIMITED);
        assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(1));
        aftermath(limit.check(PlainSeen.get("/").from("192.0.2.2")));
        first.done(ended(null));
        aftermath(limit.check(PlainSeen.get("/")));
        refused(limit.check(PlainSeen.get("/")));
    }

    @Test
    void countsStreamsAmongRequestsAndByThemselves() {
        aftermath(limit.check(PlainSeen.get("/").streaming()));
        Aftermath second = aftermath(limit.check(PlainSeen.get("/").streaming()));
        refused(limit.check(PlainSeen.get("/").streaming()));
        aftermath(limit.check(PlainSeen.get("/")));
        refused(limit.check(PlainSeen.get("/")));
        second.done(ended(null));
        Aftermath third = aftermath(limit.check(PlainSeen.get("/")));
        // there is room for a stream, but none for a request
        refused(limit.check(PlainSeen.get("/").streaming()));
        third.done(ended(null));
        aftermath(limit.check(PlainSeen.get("/").streaming()));
    }

    @Test
    void takesZeroForAnyNumber() {
        Concurrency streamsOnly = new Concurrency(new KeyReader(by(Part.IP)), new Counts(0), new Counts(1));
        List<Aftermath> passed = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            passed.add(aftermath(streamsOnly.check(PlainSeen.get("/"))));
        }
        passed.add(aftermath(streamsOnly.check(PlainSeen.get("/").streaming())));
        refused(streamsOnly.check(PlainSeen.get("/").streaming()));
        passed.forEach(each -> each.done(ended(null)));
        aftermath(streamsOnly.check(PlainSeen.get("/").streaming()));
    }

    @Test
    void neverRefusesTheEndOfAnMcpSession() {
        for (int i = 0; i < 10; i++) {
            assertThat(limit.check(PlainSeen.of("DELETE", "/mcp").onMcp().with("Mcp-Session-Id", "s")))
                    .isSameAs(Verdict.PASS);
        }
    }

    @Test
    void agreesWithAModelAndRemembersNothingInTheEnd() {
        Seeds.each(5, random -> {
            Map<String, Integer> model = new HashMap<>();
            Queue<Map.Entry<String, Aftermath>> underWay = new ArrayDeque<>();
            for (int step = 0; step < 20_000; step++) {
                if (random.nextBoolean() || underWay.isEmpty()) {
                    String address = "192.0.2." + random.nextInt(3_000);
                    Verdict verdict = limit.check(PlainSeen.get("/").from(address));
                    boolean room = model.getOrDefault(address, 0) < 3;
                    assertThat(verdict instanceof Pass).isEqualTo(room);
                    if (room) {
                        model.merge(address, 1, Integer::sum);
                        underWay.add(Map.entry(address, aftermath(verdict)));
                    }
                } else {
                    Map.Entry<String, Aftermath> over = underWay.remove();
                    over.getValue().done(ended(null));
                    model.merge(over.getKey(), -1, Integer::sum);
                }
            }
            assertThat(requests.keys()).isEqualTo((int)
                    model.values().stream().filter(many -> many > 0).count());
            underWay.forEach(over -> over.getValue().done(ended(null)));
            assertThat(requests.keys()).isZero();
            assertThat(streams.keys()).isZero();
        });
    }

    @Test
    void neverLetsMoreInFromManyThreads() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger passed = new AtomicInteger();
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                all.add(threads.submit(() -> {
                    for (int i = 0; i < 20_000; i++) {
                        if (limit.check(PlainSeen.get("/")) instanceof Pass pass) {
                            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                            passed.incrementAndGet();
                            inside.decrementAndGet();
                            pass.aftermath().orElseThrow().done(ended(null));
                        }
                    }
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        } finally {
            threads.shutdown();
        }
        assertThat(most.get()).isBetween(1, 3);
        assertThat(passed.get()).isPositive();
        assertThat(requests.keys()).isZero();
    }
}
