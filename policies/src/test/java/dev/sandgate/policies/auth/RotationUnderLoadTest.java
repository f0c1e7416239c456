package dev.sandgate.policies.auth;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.PolicyConfig.Authenticate;
import dev.sandgate.policies.Policy;
import dev.sandgate.policies.Surroundings;
import dev.sandgate.policies.Verdict;
import dev.sandgate.policies.Verdict.Change;
import dev.sandgate.policies.Verdict.Later;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * An issuer that changes its key again and again while many threads ask, all of whose tokens are good, and one floods. The
 * clock runs a hundred times as fast, so that what happens once a second happens often.
 */
class RotationUnderLoadTest {

    private static final int FASTER = 100;
    private static final int ASKERS = 3;
    private static final int ROTATIONS = 8;
    private static final long WAIT_SECONDS = 60;

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile String published = "";
    private volatile List<String> good = List.of();
    private final AtomicInteger reads = new AtomicInteger();
    private volatile List<CountDownLatch> round = latches();
    private volatile boolean over;

    @AfterEach
    void end() {
        over = true;
        threads.shutdownNow();
        clock.shutdownNow();
    }

    private Surroundings surroundings() {
        return new Surroundings(
                () -> System.nanoTime() * FASTER,
                InstantSource.system(),
                (delay, ring) -> {
                    ScheduledFuture<?> set = clock.schedule(ring, delay.toNanos() / FASTER + 1, NANOSECONDS);
                    return () -> set.cancel(false);
                },
                where -> answered(),
                Optional.empty());
    }

    /** What is published when it is asked, told by another thread a little later. */
    private Future<Buffer> answered() {
        reads.incrementAndGet();
        Promise<Buffer> promise = Promise.promise();
        String document = published;
        threads.execute(() -> promise.complete(Buffer.buffer(document)));
        return promise.future();
    }

    private static String claims() {
        return new JsonObject()
                .put("iss", Front.ISSUER)
                .put("sub", "alice")
                .put("aud", "tools")
                .put("exp", System.currentTimeMillis() / 1000 + 3600)
                .encode();
    }

    private static Verdict settled(Verdict verdict) throws Exception {
        return verdict instanceof Later later
                ? later.verdict().toCompletionStage().toCompletableFuture().get(WAIT_SECONDS, SECONDS)
                : verdict;
    }

    private static List<CountDownLatch> latches() {
        return Stream.generate(() -> new CountDownLatch(1)).limit(ASKERS).toList();
    }

    /** Asks with every good token, round after round; how many checks it made. */
    private int ask(Policy policy, int asker) throws Exception {
        int asked = 0;
        while (!over) {
            CountDownLatch current = round.get(asker);
            for (String token : good) {
                assertThat(settled(policy.check(Front.bearing(token)))).isInstanceOf(Change.class);
                asked++;
            }
            current.countDown();
        }
        return asked;
    }

    private int flood(Policy policy) throws Exception {
        int asked = 0;
        while (!over) {
            String junk = Signer.junk("junk-" + asked, claims());
            assertThat(settled(policy.check(Front.bearing(junk)))).isNotInstanceOf(Change.class);
            asked++;
        }
        return asked;
    }

    @Test
    void refusesNoGoodToken() throws Exception {
        long began = System.nanoTime();
        List<String> jwks = new ArrayList<>();
        List<String> tokens = new ArrayList<>();
        rotate(0, jwks, tokens);
        Authentication policy = (Authentication) Authentication.of(
                new Authenticate("who", List.of(Front.jwt()), false, Optional.empty()), surroundings());
        List<java.util.concurrent.Future<Integer>> askers = new ArrayList<>();
        for (int each = 0; each < ASKERS; each++) {
            int asker = each;
            askers.add(threads.submit(() -> ask(policy, asker)));
        }
        askers.add(threads.submit(() -> flood(policy)));

        for (int at = 1; at <= ROTATIONS; at++) {
            rotate(at, jwks, tokens);
            // each asker has gone through all tokens that are good now before another key goes
            List<CountDownLatch> all = latches();
            round = all;
            for (CountDownLatch each : all) {
                assertThat(each.await(WAIT_SECONDS, SECONDS)).isTrue();
            }
        }
        over = true;

        for (java.util.concurrent.Future<Integer> asker : askers) {
            assertThat(asker.get(WAIT_SECONDS, SECONDS)).isPositive();
        }
        policy.close();
        long seconds = SECONDS.convert((System.nanoTime() - began) * FASTER, NANOSECONDS);
        assertThat(reads).hasValueGreaterThan(ROTATIONS / 2).hasValueLessThanOrEqualTo((int) seconds + 2);
    }

    /** Publishes a new key, signs with it from then on, and lets go of the third last. */
    private void rotate(int at, List<String> jwks, List<String> tokens) {
        Signer signer = new Signer("key-" + at, "ES256", at % 2 == 0 ? Signer.P256 : Signer.OTHER_P256);
        jwks.add(signer.jwk());
        tokens.add(signer.token(claims()));
        int from = Math.max(0, tokens.size() - 2);
        published = Signer.set(
                jwks.subList(Math.max(0, jwks.size() - 3), jwks.size()).toArray(String[]::new));
        good = List.copyOf(tokens.subList(from, tokens.size()));
    }
}
