package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.Ended;
import dev.sandgate.affinity.Instance;
import dev.sandgate.affinity.Member;
import dev.sandgate.affinity.Placement;
import dev.sandgate.affinity.Placement.Refused;
import dev.sandgate.affinity.Placement.Why;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.TableListener;
import dev.sandgate.affinity.redis.RedisSession.Entry;
import dev.sandgate.affinity.redis.RedisSession.Known;
import dev.sandgate.conf.PoolConfig;
import dev.sandgate.conf.SessionsConfig.OnLost;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What this node knows of one pool, and how it reads the scripts' answers. Changed on the link's event loop. */
final class RedisPool {

    private static final Logger LOG = LoggerFactory.getLogger(RedisTable.class);
    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

    final String name;
    final PoolConfig config;
    final NearFleet fleet;
    final NearSessions sessions = new NearSessions();
    final Leases leases;
    final List<String> keys;
    final List<String> policy;
    private final LongSupplier clock;
    private final List<TableListener> listeners;

    RedisPool(PoolConfig config, Clocks clocks, List<TableListener> listeners) {
        this.name = config.name();
        this.config = config;
        this.fleet = new NearFleet(name);
        this.leases = Leases.of(config.sessions(), clocks.exact());
        this.clock = clocks.nanos();
        this.listeners = listeners;
        String prefix = "sg:{" + Words.of(name) + "}:";
        this.keys = List.of(prefix + "meta", prefix + "fleet", prefix + "free", prefix + "due", prefix + "buried");
        this.policy = List.of(
                "" + leases.unused(),
                "" + leases.idle(),
                "" + leases.whole(),
                "" + leases.remember(),
                "" + leases.lostAfter(),
                config.sessions().reuseId() ? "1" : "0",
                config.sessions().onLost() == OnLost.REBIND ? "1" : "0",
                config.placement().name());
    }

    String prefix() {
        return keys.get(0).substring(0, keys.get(0).length() - "meta".length());
    }

    /** Takes the news of an answer in, then tells the listeners; what the script itself answers. */
    Response take(Response answer) {
        for (Response news : answer.get(2)) {
            if (news.get(0).toString().equals("changed")) {
                changed(fleet.read(news.get(1)));
            } else {
                ended(
                        news.get(1).toString(),
                        news.get(2).toLong(),
                        Ended.valueOf(news.get(3).toString()));
            }
        }
        for (Response told : answer.get(1)) {
            noticed(fleet.read(told));
        }
        if (answer.get(3).toInteger() == 1) {
            tell(listener -> listener.freed(name));
        }
        return answer.get(0);
    }

    /** The same for an answer that names every instance: others are gone. */
    Response takeWhole(Response answer) {
        Set<String> named = new HashSet<>();
        answer.get(1).forEach(told -> named.add(told.get(0).toString()));
        Response result = take(answer);
        for (NearFleet.Row row : fleet.keepOnly(named)) {
            Member gone = row.member();
            lose(row.life());
            tell(listener -> listener.changed(new Member(gone.instance(), Member.State.GONE, gone.cap(), 0)));
        }
        return result;
    }

    /**
     * The binding that an answer tells.
     *
     * @param told fresh, bound or kept, then name, instance, identity, life, generation, birth, the table's time, deadline
     */
    RedisSession session(SessionKey key, Response told, long sentAt) {
        RedisSession session = sessions.take(
                entry(key, told),
                entry -> new RedisSession(
                        entry,
                        leases,
                        clock,
                        Known.valueOf(told.get(0).toString().toUpperCase(Locale.ROOT))));
        if (session.generation() == told.get(5).toLong()) {
            session.acknowledge(sentAt, told.get(7).toLong(), told.get(8).toLong());
            if (!is(told, "fresh")) {
                session.share();
            }
        }
        return session;
    }

    /** A session for an operator to see, known by its name in Redis only. */
    RedisSession listed(Response told, long sentAt) {
        String sid = told.get(1).toString();
        RedisSession known = sessions.named(sid);
        if (known != null && known.generation() == told.get(5).toLong()) {
            return known;
        }
        RedisSession seen = new RedisSession(entry(SessionNames.unknown(name, sid), told), leases, clock, Known.KEPT);
        seen.acknowledge(sentAt, told.get(7).toLong(), told.get(8).toLong());
        return seen;
    }

    Placement placement(SessionKey key, Response told, long sentAt, Set<String> excluded) {
        return switch (told.get(0).toString()) {
            case "fresh" -> {
                RedisSession session = session(key, told, sentAt);
                yield session.alone() ? session.fresh : session.kept;
            }
            case "kept" -> session(key, told, sentAt).kept;
            case "full" ->
                full(
                        told.size() == 1
                                ? excluded
                                : plus(excluded, Words.name(told.get(1).toString())));
            case "unknown" -> Refused.because(Why.SESSION_UNKNOWN);
            case "inuse" -> Refused.because(Why.SESSION_IN_USE);
            case "over" -> Refused.because(why(Ended.valueOf(told.get(1).toString())));
            case "ending" ->
                new Refused(Why.SESSION_ENDING, Duration.ofMillis(told.get(1).toLong()));
            default -> throw new IllegalStateException("a script answered \"" + told.get(0) + "\"");
        };
    }

    private static Set<String> plus(Set<String> excluded, String left) {
        Set<String> more = new HashSet<>(excluded);
        more.add(left);
        return more;
    }

    Refused full(Set<String> excluded) {
        boolean anyServes = fleet.fleet().members().stream()
                .anyMatch(member ->
                        member.serves() && !excluded.contains(member.instance().id()));
        return new Refused(anyServes ? Why.POOL_FULL : Why.NO_INSTANCE, ASK_AGAIN);
    }

    Instance instance(Response told, int at) {
        return Words.instance(name, told.get(at).toString(), told.get(at + 1).toString());
    }

    /** It is over for this node, which tells it. */
    void end(RedisSession session, Ended why) {
        if (sessions.end(session)) {
            tell(listener -> listener.ended(session, why));
        }
    }

    static boolean is(Response told, String word) {
        return told.get(0).toString().equals(word);
    }

    private Entry entry(SessionKey key, Response told) {
        return new Entry(
                key,
                told.get(1).toString(),
                instance(told, 2),
                told.get(4).toString(),
                told.get(5).toLong(),
                told.get(6).toLong());
    }

    private void changed(NearFleet.Row row) {
        if (row.member().state() == Member.State.GONE) {
            lose(row.life());
        }
        fleet.put(row);
        tell(listener -> listener.changed(row.member()));
    }

    /** What another node's report, or time, did to an instance: told once here, too. */
    private void noticed(NearFleet.Row row) {
        NearFleet.Row before = fleet.put(row);
        if (before != null && !before.life().equals(row.life())) {
            lose(before.life());
        }
        Member now = row.member();
        if (before == null
                || !before.life().equals(row.life())
                || before.member().state() != now.state()
                || before.member().cap() != now.cap()) {
            tell(listener -> listener.changed(now));
        }
    }

    private void ended(String sid, long generation, Ended why) {
        RedisSession session = sessions.named(sid);
        if (session != null && session.generation() <= generation) {
            end(session, why);
        }
    }

    private void lose(String life) {
        sessions.of(life).forEach(session -> end(session, Ended.LOST));
    }

    private static Why why(Ended ended) {
        return switch (ended) {
            case ENDED -> Why.SESSION_ENDED;
            case EXPIRED -> Why.SESSION_EXPIRED;
            case LOST -> Why.SESSION_LOST;
        };
    }

    private void tell(Consumer<TableListener> news) {
        for (TableListener listener : listeners) {
            try {
                news.accept(listener);
            } catch (RuntimeException bug) {
                LOG.error("a listener of pool {} failed", name, bug);
            }
        }
    }
}
