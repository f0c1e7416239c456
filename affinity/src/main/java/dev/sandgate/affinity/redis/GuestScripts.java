package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.RedisScripts;
import dev.sandgate.affinity.redis.TableFault.Reason;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Scripts that are not the table's, over its links and under its prefix. What fails is a {@link TableFault}. Any thread. */
final class GuestScripts implements RedisScripts {

    private final Link links;
    private final String prefix;
    private final SessionNames names;
    private final Map<String, Script> known = new ConcurrentHashMap<>();

    /** @param prefix of every key */
    GuestScripts(Link links, String prefix, SessionNames names) {
        this.links = links;
        this.prefix = prefix;
        this.names = names;
    }

    @Override
    public Future<List<Long>> run(String lua, String key, List<String> args) {
        Script script = known.computeIfAbsent(lua, text -> Script.of("a guest's", text));
        return links.run(script, List.of(prefix + ":" + key), args).map(GuestScripts::numbers);
    }

    @Override
    public String veil(String text) {
        return names.veiled(text);
    }

    private static List<Long> numbers(@Nullable Response answer) {
        if (answer == null || answer.type() != ResponseType.MULTI) {
            throw new TableFault(Reason.BUG, "a script's answer is no list");
        }
        List<Long> numbers = new ArrayList<>(answer.size());
        for (Response each : answer) {
            if (each == null || each.type() != ResponseType.NUMBER) {
                throw new TableFault(Reason.BUG, "a script's answer is no list of whole numbers");
            }
            numbers.add(each.toLong());
        }
        return numbers;
    }
}
