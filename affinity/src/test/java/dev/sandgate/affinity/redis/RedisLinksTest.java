package dev.sandgate.affinity.redis;

import static dev.sandgate.affinity.redis.Answers.atLast;
import static dev.sandgate.affinity.redis.Answers.count;
import static dev.sandgate.affinity.redis.Answers.done;
import static dev.sandgate.affinity.redis.Answers.echo;
import static dev.sandgate.affinity.redis.Answers.fault;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sandgate.affinity.kit.PemFiles;
import dev.sandgate.affinity.kit.RedisPlan;
import dev.sandgate.affinity.kit.RedisProcess;
import dev.sandgate.affinity.redis.TableFault.Reason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.NetServer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A node's links to one real Redis. */
final class RedisLinksTest {

    private static final Script GREETED = Script.of("greeted", "return ARGV");

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(3));
    private final RedisProcess redis = RedisProcess.start();

    @AfterEach
    void stop() {
        done(vertx.close());
        redis.close();
    }

    @Test
    void hasOneConnectionForEachEventLoop() {
        RedisLinks links = links(RedisPlan.at(redis.url()));
        Set<Thread> seen = new HashSet<>();
        for (int i = 0; i < 30; i++) {
            Promise<List<Thread>> threads = Promise.promise();
            ((VertxInternal) vertx).createEventLoopContext().runOnContext(turn -> {
                Thread asked = Thread.currentThread();
                echo(links, "x").onComplete(answer -> threads.complete(List.of(asked, Thread.currentThread())));
            });
            List<Thread> both = done(threads.future());
            assertThat(both.get(1)).isSameAs(both.get(0));
            seen.add(both.get(0));
        }
        assertThat(done(echo(links, "off the loops")).get(0).toString()).isEqualTo("off the loops");
        assertThat(redis.tell("CLIENT", "LIST").lines().filter(line -> !line.contains("cmd=client")))
                .hasSize(3);
        assertThat(seen).hasSize(3);
        done(links.close());
    }

    @Test
    void tellsAScriptsArgumentsWhichServerWillRunIt() {
        RedisLinks links = links(RedisPlan.at(redis.url()));
        Response told = done(links.run(
                GREETED,
                List.of(),
                server -> List.of(server.run(), "" + server.replicas(), server.eviction(), server.version())));
        assertThat(told).map(Response::toString).containsExactly(runId(), "false", "noeviction", "6.2.11");
        redis.kill();
        redis.restart();
        Response again = atLast(() -> links.run(GREETED, List.of(), server -> List.of(server.run())));
        assertThat(again.get(0).toString())
                .isEqualTo(runId())
                .isNotEqualTo(told.get(0).toString());
        done(links.close());
    }

    @Test
    void callsABugInAScriptsArgumentsABugAndKeepsTheConnection() {
        RedisLinks links = links(RedisPlan.at(redis.url()));
        done(echo(links, "x"));
        String before = redis.tell("CLIENT", "LIST");
        Future<Response> wrong = links.run(GREETED, List.of(), server -> {
            throw new IllegalStateException("wrong");
        });
        assertThat(fault(wrong).reason()).isEqualTo(Reason.BUG);
        assertThat(done(echo(links, "y")).get(0).toString()).isEqualTo("y");
        assertThat(ids(redis.tell("CLIENT", "LIST"))).containsAll(ids(before).subList(0, 1));
        done(links.close());
    }

    @Test
    void comesInAsAUserWithAPasswordOfAnyCharactersIntoADatabase() {
        String password = "p@ss: w/rd%20#?ü";
        redis.say("ACL", "SETUSER", "door", "on", "#" + sha256(password), "~*", "&*", "+@all");
        redis.say("ACL", "SETUSER", "default", "off");
        RedisLinks links =
                links(RedisPlan.at(redis.url()).login("door", password).database(3));
        assertThat(done(count(links, "n"))).isEqualTo(1);
        assertThat(done(links.run(
                                Script.of("keyspace", "return {redis.call('INFO', 'keyspace')}"), List.of(), List.of()))
                        .toString())
                .contains("db3:keys=1");
        done(links.close());
    }

    @Test
    void tellsOfAWrongPasswordWithoutIt() {
        redis.say("CONFIG", "SET", "requirepass", "right");
        ListAppender<ILoggingEvent> log = log();
        RedisLinks links = links(RedisPlan.at(redis.url()).login("", "wrong-and-secret"));
        TableFault fault = fault(echo(links, "x"));
        assertThat(fault.reason()).isEqualTo(Reason.FORBIDDEN);
        assertThat(fault.getMessage()).contains("WRONGPASS", "127.0.0.1").doesNotContain("secret");
        assertThat(fault(echo(links, "x")).reason()).isEqualTo(Reason.FORBIDDEN);
        assertThat(links.connected()).isFalse();
        assertThat(log.list)
                .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .extracting(ILoggingEvent::getFormattedMessage)
                .singleElement()
                .asString()
                .startsWith("no table: FORBIDDEN: 127.0.0.1:" + redis.port() + ": WRONGPASS")
                .doesNotContain("secret");
        redis.say("AUTH", "right");
        done(links.close());
    }

    @Test
    void warnsOfARedisThatDropsKeys() {
        redis.say("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
        RedisLinks links = links(RedisPlan.at(redis.url()));
        done(echo(links, "x"));
        assertThat(links.warning().orElseThrow()).contains("allkeys-lru", "expected: noeviction");
        redis.say("CONFIG", "SET", "maxmemory-policy", "noeviction");
        redis.say("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
        atLast(() -> echo(links, "x"));
        assertThat(links.warning()).isEmpty();
        done(links.close());
    }

    @Test
    void knowsWhetherItIsConnected() {
        RedisLinks links = links(RedisPlan.at(redis.url()));
        done(echo(links, "x"));
        assertThat(links.connected()).isTrue();
        redis.kill();
        fault(echo(links, "x"));
        assertThat(links.connected()).isFalse();
        redis.restart();
        atLast(() -> echo(links, "x"));
        assertThat(links.connected()).isTrue();
        done(links.close());
        assertThat(links.connected()).isFalse();
        assertThat(fault(echo(links, "x")).reason()).isEqualTo(Reason.CLOSED);
    }

    @Test
    void waitsOnALinkOfItsOwn() {
        RedisLinks links = links(RedisPlan.at(redis.url()));
        RedisLink waiting = links.dedicated("list", Duration.ofSeconds(20));
        Future<Response> item =
                waiting.send(() -> Request.cmd(Command.BLPOP).arg("list").arg(10));
        for (int i = 0; i < 100; i++) {
            assertThat(done(count(links, "n"))).isEqualTo(i + 1);
        }
        assertThat(item.isComplete()).isFalse();
        redis.say("RPUSH", "list", "here");
        assertThat(done(item).get(1).toString()).isEqualTo("here");
        done(links.close());
        assertThat(fault(waiting.send(() -> Request.cmd(Command.PING))).reason())
                .isEqualTo(Reason.CLOSED);
    }

    @Test
    void readsAllKeysOfOneServerAtOnce() {
        RedisLinks links = links(RedisPlan.at(redis.url()));
        assertThat(links.together(List.of("{a}", "{b}"))).containsExactly(List.of("{a}", "{b}"));
        assertThat(links.together(List.of())).isEmpty();
        done(links.close());
    }

    @Test
    void speaksTlsWithAServerOfTheTrustedAuthority(@TempDir Path folder) throws Exception {
        int port = RedisProcess.freePort();
        try (RedisProcess server = tls(folder, port)) {
            RedisLinks links =
                    links(RedisPlan.at("rediss://localhost:" + port).trust(folder.resolve("certificate.pem")));
            assertThat(done(count(links, "n"))).isEqualTo(1);
            assertThat(server.say("GET", "n")).isEqualTo("$1");
            done(links.close());
        }
    }

    @Test
    void doesNotSpeakToAStrangerOverTls(@TempDir Path folder) throws Exception {
        int port = RedisProcess.freePort();
        try (RedisProcess server = tls(folder, port)) {
            RedisLinks unknown = links(RedisPlan.at("rediss://localhost:" + port));
            assertThat(fault(echo(unknown, "x")).reason()).isEqualTo(Reason.UNREACHABLE);
            done(unknown.close());
            // The certificate is for localhost alone.
            RedisLinks other =
                    links(RedisPlan.at("rediss://127.0.0.1:" + port).trust(folder.resolve("certificate.pem")));
            assertThat(fault(echo(other, "x")).reason()).isEqualTo(Reason.UNREACHABLE);
            done(other.close());
            assertThat(server.tell("INFO", "commandstats")).doesNotContain("cmdstat_eval");
        }
    }

    @Test
    void comesBackFiveTimesASecondAtMostHoweverManyLinks() {
        AtomicInteger connects = new AtomicInteger();
        Promise<Void> enough = Promise.promise();
        int links = 4;
        long begun = System.nanoTime();
        NetServer door = vertx.createNetServer().connectHandler(socket -> {
            // Each link comes once at first; then five; the next five a second later; and once more.
            if (connects.incrementAndGet() == links + 5 + 5 + 1) {
                enough.tryComplete();
            }
            socket.close();
        });
        int port = done(door.listen(0, "127.0.0.1")).actualPort();
        RedisLinks hopeless = links(RedisPlan.at("redis://127.0.0.1:" + port));
        for (int i = 1; i < links; i++) {
            hopeless.dedicated("key", Duration.ofSeconds(5));
        }
        done(enough.future());
        assertThat(System.nanoTime() - begun).isGreaterThan(TimeUnit.SECONDS.toNanos(2));
        done(hopeless.close());
        done(door.close());
    }

    private RedisLinks links(RedisPlan plan) {
        return new RedisLinks(vertx, plan.config());
    }

    private String runId() {
        return redis.tell("INFO", "server")
                .lines()
                .filter(line -> line.startsWith("run_id:"))
                .findFirst()
                .orElseThrow()
                .substring("run_id:".length());
    }

    private static List<String> ids(String clients) {
        List<String> ids = new ArrayList<>();
        clients.lines().forEach(line -> ids.add(line.substring(0, line.indexOf(' '))));
        return ids;
    }

    private static RedisProcess tls(Path folder, int port) throws Exception {
        PemFiles files = PemFiles.in(folder, "dns:localhost");
        return RedisProcess.start(
                "--tls-port",
                "" + port,
                "--tls-cert-file",
                files.certificate().toString(),
                "--tls-key-file",
                files.key().toString(),
                "--tls-ca-cert-file",
                files.certificate().toString(),
                "--tls-auth-clients",
                "no");
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException missing) {
            throw new AssertionError(missing);
        }
    }

    private static ListAppender<ILoggingEvent> log() {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        ((Logger) LoggerFactory.getLogger(RedisLink.class)).addAppender(log);
        return log;
    }
}
