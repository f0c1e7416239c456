package dev.sandgate.affinity.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a node's table holds outside this process: its connections, and those on which it reads the news. */
final class Presence {

    /** How long one question waits for news, in ms: well under what makes news old. */
    private static final long WAIT = 500;

    private final Vertx vertx;
    private final RedisLinks links;
    private final List<News> news = new ArrayList<>();

    /** @param links closed with this */
    Presence(Vertx vertx, RedisLinks links, Duration timeout, List<RedisPool> pools) {
        this.vertx = vertx;
        this.links = links;
        for (List<String> logs :
                links.together(pools.stream().map(pool -> pool.keys.log()).toList())) {
            RedisLink own = links.dedicated(logs.get(0), timeout.plusMillis(WAIT));
            List<RedisPool> read = pools.stream()
                    .filter(pool -> logs.contains(pool.keys.log()))
                    .toList();
            news.add(new News(own::send, WAIT, read));
        }
    }

    void start() {
        news.forEach(each -> each.start(vertx));
    }

    boolean connected() {
        return links.connected();
    }

    Optional<String> warning() {
        return links.warning();
    }

    Future<Void> close() {
        news.forEach(News::close);
        return links.close();
    }
}
