package dev.sandgate.affinity.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.kit.RedisPlan;
import dev.sandgate.affinity.kit.RedisProcess;
import dev.sandgate.affinity.redis.TableFault.Reason;
import dev.sandgate.conf.TableConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The link against a real Redis, and what happens to Redis. */
final class RedisLinkTest {

    private static final Script ECHO = Script.of("echo", "return {ARGV[1]}");
    private static final Script COUNT = Script.of("count", "return {redis.call('INCR', KEYS[1])}");

    private final Vertx vertx = Vertx.vertx();
    private RedisProcess redis;
    private RedisLink link;

    @BeforeEach
    void start() {
        redis = RedisProcess.start();
        link = link(Duration.ofSeconds(5));
    }

    @AfterEach
    void stop() {
        done(link.close());
        redis.close();
        done(vertx.close());
    }

    @Test
    void runsAScriptThatRedisHasNeverSeen() {
        assertThat(echo("hello")).isEqualTo("hello");
    }

    @Test
    void loadsAScriptAgainThatRedisForgot() {
        echo("before");
        assertThat(redis.say("SCRIPT", "FLUSH")).isEqualTo("+OK");
        assertThat(echo("after")).isEqualTo("after");
        assertThat(redis.say("SCRIPT", "EXISTS", ECHO.sha1())).isEqualTo("*1");
    }

    @Test
    void givesEachOfManyCommandsOnTheirWayItsOwnAnswer() {
        List<Future<Response>> answers = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            answers.add(link.run(ECHO, List.of(), List.of("n" + i)));
        }
        for (int i = 0; i < answers.size(); i++) {
            assertThat(done(answers.get(i)).get(0).toString()).isEqualTo("n" + i);
        }
    }

    @Test
    void comesBackByItselfWhenRedisKilledItsConnection() {
        echo("before");
        assertThat(redis.say("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"))
                .isEqualTo(":1");
        assertThat(echoAtLast("after")).isEqualTo("after");
    }

    @Test
    void comesBackByItselfWhenRedisWasStartedAnew() {
        echo("before");
        redis.kill();
        assertThat(fault(link.run(ECHO, List.of(), List.of("away")))).isEqualTo(Reason.UNREACHABLE);
        redis.restart();
        assertThat(echoAtLast("after")).isEqualTo("after");
    }

    @Test
    void connectsAtLastToARedisThatWasNotThereAtTheStart() {
        redis.kill();
        RedisLink early = link(Duration.ofSeconds(5));
        assertThat(fault(early.run(ECHO, List.of(), List.of("x")))).isEqualTo(Reason.UNREACHABLE);
        redis.restart();
        assertThat(echoAtLast(early, "after")).isEqualTo("after");
        done(early.close());
    }

    @Test
    void givesUpWaitingForARedisThatHangsAndRecovers() {
        RedisLink hasty = link(Duration.ofMillis(200));
        assertThat(echoAtLast(hasty, "before")).isEqualTo("before");
        redis.freeze();
        try {
            // the first ones on the hung connection, the later ones while there is none
            for (int i = 0; i < 6; i++) {
                assertThat(fault(hasty.run(ECHO, List.of(), List.of("x")))).isIn(Reason.TIMEOUT, Reason.UNREACHABLE);
            }
        } finally {
            redis.thaw();
        }
        assertThat(echoAtLast(hasty, "after")).isEqualTo("after");
        done(hasty.close());
    }

    @Test
    void keepsTheOrderOfAnswersAfterOneThatCameTooLate() {
        RedisLink hasty = link(Duration.ofMillis(300));
        echoAtLast(hasty, "before");
        assertThat(redis.say("CLIENT", "PAUSE", "600")).isEqualTo("+OK");
        assertThat(fault(hasty.run(ECHO, List.of(), List.of("late")))).isEqualTo(Reason.TIMEOUT);
        for (int i = 0; i < 50; i++) {
            assertThat(echoAtLast(hasty, "n" + i)).isEqualTo("n" + i);
        }
        done(hasty.close());
    }

    @Test
    void tellsAFullRedisFromOthers() {
        redis.say("CONFIG", "SET", "maxmemory", "1");
        assertThat(fault(link.run(COUNT, List.of("n"), List.of()))).isEqualTo(Reason.FULL);
        redis.say("CONFIG", "SET", "maxmemory", "0");
        assertThat(done(link.run(COUNT, List.of("n"), List.of())).get(0).toLong())
                .isEqualTo(1);
    }

    @Test
    void tellsAReplicaFromOthersAndComesBackWhenItIsMasterAgain() {
        echo("before");
        redis.say("REPLICAOF", "127.0.0.1", "1");
        assertThat(fault(link.run(COUNT, List.of("n"), List.of()))).isEqualTo(Reason.READ_ONLY);
        redis.say("REPLICAOF", "NO", "ONE");
        assertThat(echoAtLast("after")).isEqualTo("after");
    }

    @Test
    void tellsABusyRedisFromOthers() {
        redis.say("CONFIG", "SET", "lua-time-limit", "1");
        echo("before");
        RedisLink other = link(Duration.ofSeconds(5));
        echoAtLast(other, "before");
        Future<Response> endless = other.run(Script.of("endless", "while true do end"), List.of(), List.of());
        Reason told = Reason.BUG;
        for (int i = 0; i < 1_000 && told != Reason.BUSY; i++) {
            Future<Response> asked = link.run(ECHO, List.of(), List.of("x"));
            told = asked.map(answer -> Reason.BUG)
                    .recover(error -> Future.succeededFuture(((TableFault) error).reason()))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        }
        assertThat(told).isEqualTo(Reason.BUSY);
        assertThat(redis.say("SCRIPT", "KILL")).isEqualTo("+OK");
        fault(endless);
        assertThat(echoAtLast("after")).isEqualTo("after");
        done(other.close());
    }

    @Test
    void tellsAWrongPasswordFromOthers() {
        redis.say("CONFIG", "SET", "requirepass", "right");
        RedisLink stranger = link(Duration.ofSeconds(5));
        assertThat(fault(stranger.run(ECHO, List.of(), List.of("x")))).isEqualTo(Reason.FORBIDDEN);
        done(stranger.close());
    }

    @Test
    void tellsAMistakeInAScriptAsOurs() {
        assertThat(fault(link.run(Script.of("wrong", "return redis.call('NO')"), List.of(), List.of())))
                .isEqualTo(Reason.BUG);
    }

    @Test
    void refusesOnceItIsClosed() {
        echo("before");
        done(link.close());
        assertThat(fault(link.run(ECHO, List.of(), List.of("x")))).isEqualTo(Reason.CLOSED);
        done(link.close());
    }

    @Test
    void takesOneAnswerForEachCommandOnly() {
        Response answer = done(link.send(() -> Request.cmd(Command.GET).arg("nothing")));
        assertThat(answer).isNull();
    }

    @Test
    void pausesLongerWithEachFailureWithinItsBounds() {
        LinkPlan plan = LinkPlan.of(RedisPlan.at(redis.url()).config());
        for (int failures = 1; failures < 100; failures++) {
            long most = Math.min(50L << Math.min(failures - 1, 10), 1_000);
            assertThat(plan.pauseMillis(failures)).isBetween(most / 2, most + 1);
        }
    }

    private RedisLink link(Duration commandTimeout) {
        TableConfig.Redis config = RedisPlan.at(redis.url()).config();
        return new RedisLink(
                vertx.getOrCreateContext(),
                new LinkPlan(config, commandTimeout, Duration.ofMillis(5), Duration.ofMillis(50)),
                Trail.to(Server.of(config.urls().get(0))),
                new LinkWatch());
    }

    private String echo(String text) {
        return done(link.run(ECHO, List.of(), List.of(text))).get(0).toString();
    }

    private String echoAtLast(String text) {
        return echoAtLast(link, text);
    }

    /** Asks until there is an answer. */
    private static String echoAtLast(RedisLink link, String text) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (true) {
            try {
                return link.run(ECHO, List.of(), List.of(text))
                        .toCompletionStage()
                        .toCompletableFuture()
                        .join()
                        .get(0)
                        .toString();
            } catch (CompletionException notYet) {
                assertThat(notYet).hasCauseInstanceOf(TableFault.class);
                assertThat(System.nanoTime() - deadline)
                        .as("still: %s", notYet.getMessage())
                        .isNegative();
            }
        }
    }

    private static Reason fault(Future<?> future) {
        try {
            Object answer = future.toCompletionStage()
                    .toCompletableFuture()
                    .orTimeout(30, TimeUnit.SECONDS)
                    .join();
            throw new AssertionError("expected a fault, not " + answer);
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof TableFault fault) {
                return fault.reason();
            }
            throw new AssertionError("expected a table's fault", failure);
        }
    }

    private static <T> T done(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }
}
