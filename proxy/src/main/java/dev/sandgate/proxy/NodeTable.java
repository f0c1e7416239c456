package dev.sandgate.proxy;

import dev.sandgate.affinity.AffinityTable;
import dev.sandgate.affinity.memory.MemoryTable;
import dev.sandgate.affinity.redis.LinkPlan;
import dev.sandgate.affinity.redis.RedisLink;
import dev.sandgate.affinity.redis.RedisTable;
import dev.sandgate.conf.SandgateConfig;
import dev.sandgate.conf.TableConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The table that a configuration asks for, with what it needs outside this process. Any thread. Close it once. */
final class NodeTable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeTable.class);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final AffinityTable table;
    private final Supplier<Future<Void>> start;
    private final Supplier<Future<Void>> release;

    private NodeTable(AffinityTable table, Supplier<Future<Void>> start, Supplier<Future<Void>> release) {
        this.table = table;
        this.start = start;
        this.release = release;
    }

    /** One that knows nothing yet; {@link #start} looks. */
    static NodeTable of(SandgateConfig config, Vertx vertx) {
        if (config.table() instanceof TableConfig.Redis redis) {
            LinkPlan plan =
                    new LinkPlan(address(redis), redis.connectTimeout(), redis.timeout(), FIRST_PAUSE, LONGEST_PAUSE);
            RedisLink link = new RedisLink(vertx, plan);
            byte[] secret = redis.keys().get(0).secret().getBytes(StandardCharsets.UTF_8);
            RedisTable table = new RedisTable(link, config.pools(), secret);
            return new NodeTable(table, table::beat, link::close);
        }
        return new NodeTable(
                new MemoryTable(config.pools(), System::nanoTime), Future::succeededFuture, Future::succeededFuture);
    }

    private static String address(TableConfig.Redis redis) {
        URI url = redis.urls().get(0);
        String password = redis.password().map(text -> ":" + text).orElse("");
        String who = redis.user().orElse("") + password;
        return url.getScheme() + "://" + (who.isEmpty() ? "" : who + "@") + url.getAuthority() + "/" + redis.database();
    }

    AffinityTable table() {
        return table;
    }

    /** Looks what the table holds already. Fails never: a table that cannot be reached is asked again with each beat. */
    Future<Void> start() {
        return start.get().recover(away -> {
            LOG.warn("the table cannot be reached; nobody is admitted until it can: {}", away.getMessage());
            return Future.succeededFuture();
        });
    }

    Future<Void> close() {
        return table.close().eventually(release);
    }
}
