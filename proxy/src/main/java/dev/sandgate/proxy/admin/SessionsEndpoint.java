package dev.sandgate.proxy.admin;

import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.Sighting;
import dev.sandgate.affinity.Source;
import dev.sandgate.affinity.Usage;
import dev.sandgate.proxy.admin.Refused.Why;
import dev.sandgate.proxy.log.SessionDigest;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code GET /sessions}, {@code GET} and {@code DELETE /sessions/{id}}, {@code POST /sessions/find}. A session is called as in the access log. */
final class SessionsEndpoint {

    private static final Logger LOG = LoggerFactory.getLogger(SessionsEndpoint.class);
    private static final Pattern NAME = Pattern.compile("[0-9a-f]{" + 2 * SessionDigest.BYTES + "}");
    private static final int MOST = 1_000;
    private static final Map<String, Source> SOURCES = Arrays.stream(Source.values())
            .collect(Collectors.toMap(Words::of, source -> source, (one, other) -> one, LinkedHashMap::new));

    private final Node node;
    private final SessionWalk walk;

    SessionsEndpoint(Node node, SessionWalk walk) {
        this.node = node;
        this.walk = walk;
    }

    Future<Reply> list(Ask ask) {
        ask.knowing(List.of("pool", "instance", "source", "limit", "after"));
        Optional<String> pool = ask.oneOf("pool", node.pools().keySet());
        Optional<String> instance = ask.text("instance");
        Optional<Source> source = ask.oneOf("source", SOURCES.keySet()).map(SOURCES::get);
        int limit = ask.number("limit", said -> said >= 1 && said <= MOST, "a whole number from 1 to 1000")
                .map(Long::intValue)
                .orElse(100);
        Optional<Cursor> after =
                ask.text("after").map(text -> Cursor.read(text, node.pools().keySet()));
        List<String> pools = pools(pool, after);
        Predicate<Binding> wanted = binding ->
                instance.map(id -> id.equals(binding.instance().id())).orElse(true)
                        && source.map(kind -> kind == binding.key().source()).orElse(true);
        long from = after.filter(cursor -> !pools.isEmpty() && cursor.pool().equals(pools.get(0)))
                .map(Cursor::generation)
                .orElse(0L);
        // one more than asked for tells whether there is a next page
        return walk.find(pools, from, wanted, limit + 1).map(found -> Reply.json(page(found, limit)));
    }

    /** The pools that may hold what comes after the cursor, in the config's order. */
    private List<String> pools(Optional<String> only, Optional<Cursor> after) {
        List<String> all = new ArrayList<>(node.pools().keySet());
        List<String> left = after.map(cursor -> all.subList(all.indexOf(cursor.pool()), all.size()))
                .orElse(all);
        return only.map(pool -> left.contains(pool) ? List.of(pool) : List.<String>of())
                .orElse(left);
    }

    private JsonObject page(List<Binding> found, int limit) {
        SessionDigest names = node.names().get();
        JsonArray sessions = new JsonArray();
        List<Binding> shown = found.subList(0, Math.min(limit, found.size()));
        shown.forEach(binding -> sessions.add(shown(binding, names)));
        JsonObject page = new JsonObject().put("sessions", sessions);
        if (found.size() > limit) {
            page.put("next", Cursor.of(shown.get(limit - 1)).written());
        }
        return page;
    }

    Future<Reply> get(Ask ask) {
        ask.knowing(List.of());
        return one(ask.id())
                .map(binding -> Reply.json(shown(binding, node.names().get())));
    }

    /** Looks a session up by what its client carries. In a body: what stands in a URL stands in logs. */
    Future<Reply> find(Ask ask) {
        ask.knowing(List.of());
        Lookup wanted = Lookup.read(ask.body(), node.pools().keySet(), SOURCES);
        List<Future<List<Sighting>>> asked = new ArrayList<>();
        for (String pool : wanted.pools()) {
            Set<SessionKey> named = node.ids().named(pool, wanted.id()).stream()
                    .filter(key -> wanted.sources().contains(key.source()))
                    .collect(Collectors.toSet());
            asked.add(
                    named.isEmpty()
                            ? Future.succeededFuture(List.of())
                            : node.table().search(pool, named));
        }
        return Future.all(asked).map(all -> {
            SessionDigest names = node.names().get();
            JsonArray sessions = new JsonArray();
            asked.forEach(each -> each.result().forEach(seen -> sessions.add(shown(seen, names))));
            return Reply.json(new JsonObject().put("sessions", sessions));
        });
    }

    private static JsonObject shown(Sighting seen, SessionDigest names) {
        if (seen instanceof Sighting.Live live) {
            return shown(live.binding(), names).put("state", "live");
        }
        Sighting.Over over = (Sighting.Over) seen;
        return new JsonObject()
                .put("id", names.shown(over.key(), over.alias()))
                .put("pool", over.key().pool())
                .put("instance", over.home().id())
                .put("incarnation", over.home().incarnation())
                .put("source", Words.of(over.key().source()))
                .put("generation", over.generation())
                .put("leftSeconds", over.left().toSeconds())
                .put("rememberedSeconds", over.remembered().toSeconds())
                .put("state", Words.of(over.why()));
    }

    /** Ends a session: its slot is free, and its requests under way are cut within a tick. */
    Future<Reply> end(Ask ask) {
        ask.knowing(List.of());
        return one(ask.id()).compose(binding -> {
            LOG.info(
                    "by the operator: session {} of pool {} ends",
                    ask.id(),
                    binding.key().pool());
            return node.table().end(binding).map(ended -> {
                if (!ended) {
                    throw Refused.because(Why.SESSION_UNKNOWN);
                }
                return Reply.nothing();
            });
        });
    }

    private Future<Binding> one(String name) {
        if (!NAME.matcher(name).matches()) {
            throw Refused.because(Why.SESSION_UNKNOWN);
        }
        SessionDigest names = node.names().get();
        return walk.find(
                        List.copyOf(node.pools().keySet()),
                        0,
                        binding -> names.shown(binding.key(), binding.alias()).equals(name),
                        1)
                .map(found -> {
                    if (found.isEmpty()) {
                        throw Refused.because(Why.SESSION_UNKNOWN);
                    }
                    return found.get(0);
                });
    }

    private static JsonObject shown(Binding binding, SessionDigest names) {
        Usage usage = binding.usage();
        return new JsonObject()
                .put("id", names.shown(binding.key(), binding.alias()))
                .put("pool", binding.key().pool())
                .put("instance", binding.instance().id())
                .put("incarnation", binding.instance().incarnation())
                .put("source", Words.of(binding.key().source()))
                .put("generation", binding.generation())
                .put("ageSeconds", usage.age().toSeconds())
                .put("idleSeconds", usage.idle().toSeconds())
                .put("leftSeconds", usage.left().toSeconds())
                .put("underWay", usage.underWay());
    }
}
