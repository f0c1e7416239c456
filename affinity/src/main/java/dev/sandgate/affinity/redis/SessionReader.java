package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.Ended;
import dev.sandgate.affinity.Instance;
import dev.sandgate.affinity.Lease;
import dev.sandgate.affinity.Placement;
import dev.sandgate.affinity.Placement.Refused;
import dev.sandgate.affinity.Placement.Why;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.redis.TableFault.Reason;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How this node reads what the scripts tell of one pool's sessions. Used while an answer is read: under the pool's lock. */
final class SessionReader {

    private final RedisPool pool;
    private final Interim interim;
    private final Deaths deaths;
    private final Endings endings;

    SessionReader(RedisPool pool, Interim interim, Deaths deaths, Endings endings) {
        this.pool = pool;
        this.interim = interim;
        this.deaths = deaths;
        this.endings = endings;
    }

    /**
     * The binding that an answer tells; empty where it is known to be over by now.
     *
     * <p>The words: fresh, bound or kept, then name, instance, identity, life, generation, birth, kind of lease,
     * deadline, opener.
     */
    @Nullable RedisSession session(SessionKey key, Told told) {
        SessionEntry entry = entry(key, told);
        if (deaths.why(entry.name(), entry.generation()).isPresent()) {
            return null;
        }
        Known how = Known.valueOf(told.word(0).toUpperCase(Locale.ROOT));
        RedisSession session = pool.sessions.take(entry, made -> new RedisSession(made, pool, how));
        if (session.generation() == entry.generation()) {
            session.acknowledge(told.sentAt(), told.tableNow(), told.number(8));
            if (entry.opener().isEmpty()) {
                session.share();
            }
        }
        return session;
    }

    /** A session for an operator to see, known by its name in Redis only. */
    RedisSession listed(Told told) {
        String sid = told.word(1);
        RedisSession known = pool.sessions.named(sid);
        if (known != null && known.generation() == told.number(5)) {
            return known;
        }
        RedisSession seen = new RedisSession(entry(SessionNames.unknown(pool.name, sid), told), pool, Known.KEPT);
        seen.acknowledge(told.sentAt(), told.tableNow(), told.number(8));
        return seen;
    }

    /** */
    Placement placement(SessionKey key, Told told, Set<String> excluded) {
        return switch (told.word(0)) {
            case "fresh", "kept" -> {
                RedisSession session = session(key, told);
                if (session == null) {
                    yield Refused.because(
                            why(deaths.why(told.word(1), told.number(5)).orElse(Ended.ENDED)));
                }
                yield told.is("fresh") && session.alone() ? session.fresh : session.kept;
            }
            case "full" -> full(told.result().size() == 1 ? excluded : plus(excluded, Words.name(told.word(1))));
            case "unknown" -> {
                forget(key, told, Ended.LOST);
                yield Refused.because(Why.SESSION_UNKNOWN);
            }
            case "inuse" -> Refused.because(Why.SESSION_IN_USE);
            case "over" -> {
                Ended ended = Ended.valueOf(told.word(1));
                forget(key, told, ended);
                yield Refused.because(why(ended));
            }
            case "ending" -> new Refused(Why.SESSION_ENDING, Duration.ofMillis(told.number(1)));
            default -> throw new IllegalStateException("a script answered \"" + told.word(0) + "\"");
        };
    }

    /** The table does not have it: what is remembered of it here, from before that answer, is over. */
    private void forget(SessionKey key, Told told, Ended why) {
        RedisSession known = pool.sessions.get(key);
        if (known == null || !known.key().ownedBy(key.principal()) || !known.knownSince(told.sentAt())) {
            return;
        }
        if (!pool.history(History::isSettled)) {
            throw new TableFault(Reason.NOT_READY, "the table was not told yet what this node knows");
        }
        if (interim.tally.isUntold(known)) {
            throw new TableFault(Reason.NOT_READY, "the table was not told yet of this session");
        }
        endings.end(known, why);
    }

    private static Set<String> plus(Set<String> excluded, String left) {
        Set<String> more = new HashSet<>(excluded);
        more.add(left);
        return more;
    }

    Refused full(Set<String> excluded) {
        boolean anyServes = pool.fleet.fleet().members().stream()
                .anyMatch(member ->
                        member.serves() && !excluded.contains(member.instance().id()));
        return new Refused(anyServes ? Why.POOL_FULL : Why.NO_INSTANCE, RedisPool.ASK_AGAIN);
    }

    Instance instance(Told told, int at) {
        return Words.instance(pool.name, told.word(at), told.word(at + 1));
    }

    /** The table said of a use that the session is over, or that it does not know it. */
    void unfound(RedisSession session, String word) {
        if (!word.equals("ABSENT")) {
            endings.forGood(session, Ended.valueOf(word));
        } else if (isComplete() && !interim.tally.isUntold(session)) {
            endings.end(session, Ended.LOST);
        } else {
            session.untold();
        }
    }

    /** The table took the binding, or said why it is over, or does not know the instance yet. */
    void adopted(RedisSession session, String word) {
        if (word.equals("WAIT")) {
            return;
        }
        interim.tally.told(session);
        if (word.startsWith("yes ")) {
            session.settle(word.substring("yes ".length()));
        } else {
            endings.forGood(session, Ended.valueOf(word));
        }
    }

    /** Whether the table has all that this node knows, and all others had the time to tell what they know. */
    private boolean isComplete() {
        return pool.history(history -> history.isSettled() && !history.isHeld(pool.clock.getAsLong()));
    }

    private SessionEntry entry(SessionKey key, Told told) {
        return new SessionEntry(
                key,
                told.word(1),
                instance(told, 2),
                told.word(4),
                told.number(5),
                told.number(6),
                Lease.valueOf(told.word(7)),
                told.word(9));
    }

    private static Why why(Ended ended) {
        return switch (ended) {
            case ENDED -> Why.SESSION_ENDED;
            case EXPIRED -> Why.SESSION_EXPIRED;
            case LOST -> Why.SESSION_LOST;
        };
    }
}
