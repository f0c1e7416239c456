package dev.sandgate.affinity.redis;

import static dev.sandgate.affinity.redis.Answers.atLast;
import static dev.sandgate.affinity.redis.Answers.count;
import static dev.sandgate.affinity.redis.Answers.done;
import static dev.sandgate.affinity.redis.Answers.fault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.kit.RedisPlan;
import dev.sandgate.affinity.kit.RedisProcess;
import dev.sandgate.affinity.kit.RedisSentinels;
import dev.sandgate.conf.TableConfig.Mode;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node's links to the master that real sentinels name. */
final class SentinelLinksTest {

    private final Vertx vertx = Vertx.vertx();
    private final RedisSentinels sentinels = RedisSentinels.start();

    @AfterEach
    void stop() {
        done(vertx.close());
        sentinels.close();
    }

    @Test
    void followsTheMasterThroughAFailOver() {
        RedisLinks links = links(sentinels.urls());
        RedisLink waiting = links.dedicated("n", Duration.ofSeconds(5));
        assertThat(done(count(links, "n"))).isEqualTo(1);
        assertThat(done(links.run(
                                Script.of("replicas", "return ARGV"),
                                List.of(),
                                server -> List.of("" + server.replicas())))
                        .get(0)
                        .toString())
                .isEqualTo("true");
        RedisProcess before = sentinels.master();
        sentinels.failOver();
        RedisProcess after = sentinels.master();
        assertThat(after).isNotSameAs(before);
        // The old one still takes writes, and nobody who is connected to it would notice by itself.
        do {
            atLast(() -> count(links, "m"));
        } while (after.say("EXISTS", "m").equals(":0"));
        assertThat(after.tell("GET", "n")).isEqualTo("1");
        Response run = atLast(
                () -> waiting.send(() -> Request.cmd(Command.SET).arg("w").arg("1")));
        assertThat(run.toString()).isEqualTo("OK");
        assertThat(after.tell("GET", "w")).isEqualTo("1");
        done(links.close());
    }

    @Test
    void findsTheNewMasterWhenTheOldOneDied() {
        RedisLinks links = links(sentinels.urls());
        GuestScripts scripts = new GuestScripts(links, "sg", TestTables.NAMES);
        assertThat(done(count(links, "n"))).isEqualTo(1);
        RedisProcess before = sentinels.master();
        sentinels.killMaster();
        atLast(() -> count(links, "m"));
        assertThat(sentinels.master().say("EXISTS", "m")).isEqualTo(":1");
        assertThat(atLast(() -> scripts.run("return { redis.call('INCR', KEYS[1]) }", "limit", List.of())))
                .hasSize(1);
        assertThat(sentinels.master().say("EXISTS", "sg:limit")).isEqualTo(":1");
        before.restart();
        done(links.close());
    }

    @Test
    void asksTheNextSentinelWhereOneIsAway() {
        sentinels.sentinels().get(0).kill();
        RedisLinks links = links(sentinels.urls());
        assertThat(atLast(() -> count(links, "n"))).isEqualTo(1);
        sentinels.sentinels().get(0).restart();
        done(links.close());
    }

    @Test
    void saysWhyThereIsNoMaster() {
        RedisLinks nobody = links("redis://127.0.0.1:" + RedisProcess.freePort());
        assertThat(fault(count(nobody, "n")).getMessage()).contains("no sentinel names a master", "127.0.0.1");
        done(nobody.close());
    }

    private RedisLinks links(String... urls) {
        return new RedisLinks(vertx, RedisPlan.at(urls).mode(Mode.SENTINEL).config());
    }
}
