package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.Ended;
import dev.sandgate.affinity.Instance;
import dev.sandgate.affinity.Placement.Refused;
import dev.sandgate.affinity.Placement.Why;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.redis.TableFault.Reason;
import dev.sandgate.conf.PoolConfig;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What this node knows of one pool, and how it takes in the scripts' answers and the news. Changed under its own lock, which
 * is never held while anything is waited for.
 */
final class RedisPool {

    static final Duration ASK_AGAIN = Duration.ofSeconds(1);
    static final Refused AWAY = new Refused(Why.TABLE_UNAVAILABLE, ASK_AGAIN);

    final String name;
    final PoolConfig config;
    final NearFleet fleet;
    final NearSessions sessions;
    final Leases leases;
    final Tether tether;
    final Suspicions suspicions;
    final TableTime time = new TableTime();
    final PoolKeys keys;
    final LongSupplier clock;
    final SessionNames names;
    final SessionReader reader;
    private final Object lock = new Object();
    private final Deaths deaths = new Deaths();
    private final Announcer announcer;
    private final History history;
    private final Interim interim;
    private final Endings endings;
    private final InstanceNews instances;

    RedisPool(PoolConfig config, Ground ground, SessionNames names, Announcer announcer) {
        Times times = ground.times();
        this.name = config.name();
        this.config = config;
        this.fleet = new NearFleet(name);
        this.sessions =
                new NearSessions(ground.remember(), session -> announcer.add(listener -> listener.forgotten(session)));
        this.clock = ground.clocks().nanos();
        this.leases = Leases.of(config.sessions(), times, ground.clocks().exact());
        this.tether = new Tether(times, clock.getAsLong());
        this.suspicions = Suspicions.of(leases, times);
        this.names = names;
        this.announcer = announcer;
        this.history = new History(name, tether);
        this.keys = PoolKeys.of(config, leases, ground);
        this.endings = new Endings(sessions, deaths, announcer);
        this.instances = new InstanceNews(fleet, endings, deaths, announcer);
        this.interim = new Interim(this, history, deaths);
        this.reader = new SessionReader(this, interim, deaths, endings);
    }

    /**
     * Takes an answer in, then reads the script's own part of it, in one step; then tells what happened.
     *
     * @throws TableFault where the script was refused, or is of a table that is no longer the one
     */
    <T> T take(Response answer, long sentAt, Function<Told, T> reading) {
        try {
            synchronized (lock) {
                Told told = absorb(answer, sentAt);
                return reading.apply(told);
            }
        } finally {
            announcer.tell();
        }
    }

    private Told absorb(Response answer, long sentAt) {
        Told told = new Told(
                answer.get(0),
                answer.get(1),
                sentAt,
                answer.get(4).toLong(),
                new Moment(answer.get(5).toLong(), answer.get(6).toLong()));
        if (told.isLate()) {
            // It did nothing, not even begin the table anew: only its clock counts, or the next one is late as well.
            time.heard(clock.getAsLong(), told.tableNow());
            throw new TableFault(Reason.TIMEOUT, "the table heard of it too late");
        } else if (told.at().epoch() < history.told().epoch()) {
            throw new TableFault(Reason.NOT_READY, "an answer of a server that is not the master any more");
        }
        time.heard(clock.getAsLong(), told.tableNow());
        if (history.hear(told.at(), answer.get(9).toString(), clock.getAsLong())) {
            deaths.forgetLives();
        }
        // counted from now, not from when it was asked: what admits here must admit there
        history.hold(
                clock.getAsLong() + answer.get(7).toLong() * 1_000_000,
                !answer.get(8).toString().equals("admit"));
        for (Response happened : answer.get(2)) {
            if (happened.get(0).toString().equals("changed")) {
                instances.row(words(happened.get(1)), told.at(), told.tableNow());
            } else {
                noteEnd(happened, told);
                endings.ended(
                        happened.get(1).toString(),
                        happened.get(2).toLong(),
                        Ended.valueOf(happened.get(3).toString()));
            }
        }
        answer.get(1).forEach(row -> instances.row(words(row), told.at(), told.tableNow()));
        if (answer.get(3).toInteger() == 1) {
            announcer.add(listener -> listener.freed(name));
        }
        refuse(told);
        return told;
    }

    private static void refuse(Told told) {
        if (told.result().size() > 0 && told.is("recovering")) {
            throw new TableFault(Reason.NOT_READY, "the table is being put together again");
        }
    }

    /** Only where its client or an operator ended it: what lapsed, nobody can bring back. */
    private void noteEnd(Response happened, Told told) {
        if (happened.get(3).toString().equals(Ended.ENDED.name())) {
            List<String> words = new ArrayList<>();
            for (int at : new int[] {1, 4, 5, 6, 2, 3}) {
                words.add(happened.get(at).toString());
            }
            long left = happened.get(7).toLong() - told.tableNow();
            deaths.note(new Deaths.End(told.sentAt(), words, told.sentAt() + left * 1_000_000));
        }
    }

    /** This node says that an instance is gone. */
    void noteGone(Instance instance) {
        synchronized (lock) {
            deaths.note(instance, clock.getAsLong());
        }
    }

    /** One entry of the log: its number, then what happened. */
    void news(String id, List<String> fields) {
        Moment at = Moment.of(id);
        try {
            synchronized (lock) {
                if (!history.advance(at, clock.getAsLong())) {
                    return;
                }
                for (int field = 0; field < fields.size(); field += 2) {
                    happened(fields.get(field), fields.get(field + 1), at);
                }
            }
        } finally {
            announcer.tell();
        }
    }

    private void happened(String kind, String what, Moment at) {
        String[] words = what.split("\\|", -1);
        switch (kind) {
            case "i" ->
                instances.row(List.of(words), at, time.millis(clock.getAsLong()).orElse(0));
            case "e" -> endings.ended(words[0], Long.parseLong(words[1]), Ended.valueOf(words[2]));
            default -> announcer.add(listener -> listener.freed(name));
        }
    }

    /**
     * All news were read that there were when this was asked.
     *
     * @param known what answers had told by then
     */
    void upToDate(long askedAt, Moment known) {
        synchronized (lock) {
            history.caughtUp(known, clock.getAsLong());
            tether.heard(askedAt);
        }
    }

    /** The key that hides new ids and that this node has not; empty: none. Called while an answer is read. */
    void lackKey(String id) {
        history.lackKey(id);
    }

    /** Everything was told that there was to tell in this epoch. */
    void settle(long epoch) {
        synchronized (lock) {
            history.settle(epoch);
        }
    }

    /** Whatever is known of where the table is. */
    <T> T history(Function<History, T> ask) {
        synchronized (lock) {
            return ask.apply(history);
        }
    }

    List<Deaths.End> ends() {
        synchronized (lock) {
            return deaths.ends(clock.getAsLong());
        }
    }

    List<Instance> goneInstances() {
        synchronized (lock) {
            return deaths.instances(clock.getAsLong());
        }
    }

    /**
     * A beat told a page of instances, those after this order: others of the same range are gone, if the table has all
     * that there was. Called while the answer is read.
     */
    void page(Told told, long after) {
        interim.tally.nodes(told.number(3));
        interim.tally.forgetCounts();
        if (suspicions.any()) {
            fleet.trusted(told.rows()).forEach(instance -> suspicions.takeBack(instance, told.sentAt()));
        }
        if (!history.isSettled()) {
            return;
        }
        long upTo = told.word(1).isEmpty() ? Long.MAX_VALUE : told.number(1);
        Set<String> named = new HashSet<>();
        told.rows().forEach(row -> named.add(row.get(0).toString()));
        fleet.keepOnly(named, after, upTo, told.at()).forEach(instances::gone);
    }

    /** What this node remembers under this name, for its owner. No I/O, no allocation. */
    @Nullable RedisSession known(SessionKey key) {
        RedisSession known = sessions.get(key);
        return known != null && known.key().ownedBy(key.principal()) ? known : null;
    }

    /** For how long a hit prolongs the session, in ms: as far as this node knows how it is used. */
    String lease(SessionKey key) {
        RedisSession known = sessions.get(key);
        return "" + (known == null ? leases.unused() : known.lease());
    }

    /** What it may do by itself while the table is away. */
    <T> T interim(Function<Interim, T> ask) {
        synchronized (lock) {
            return ask.apply(interim);
        }
    }

    /**
     * The latest life of it that others than its opener had used here when it was lost, which the opener may not open once
     * more; zero: none.
     */
    long lastShared(String names) {
        synchronized (lock) {
            return Arrays.stream(names.split("\\|", -1))
                    .mapToLong(deaths::lastShared)
                    .max()
                    .orElse(0);
        }
    }

    /** It was to be ended, and the table does not answer: here it is over, and there as soon as it answers. */
    void endedHere(SessionKey key, long generation) {
        try {
            synchronized (lock) {
                RedisSession known = sessions.get(key);
                if (known != null && known.key().ownedBy(key.principal()) && known.generation() <= generation) {
                    endings.forGood(known, Ended.ENDED);
                }
            }
        } finally {
            announcer.tell();
        }
    }

    /** Undone by its opener: nobody need hear of it. */
    void undone(RedisSession session) {
        synchronized (lock) {
            sessions.end(session);
        }
    }

    void forgetStale() {
        synchronized (lock) {
            sessions.forgetStale(clock.getAsLong());
            suspicions.keepOnly(fleet.current());
        }
        announcer.tell();
    }

    private static List<String> words(Response told) {
        List<String> words = new ArrayList<>(told.size());
        told.forEach(word -> words.add(word.toString()));
        return words;
    }
}
