package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.Ended;

/** How sessions end for this node, each once, which it tells. Guarded by the pool's lock. */
final class Endings {

    private final NearSessions sessions;
    private final Deaths deaths;
    private final Announcer announcer;

    Endings(NearSessions sessions, Deaths deaths, Announcer announcer) {
        this.sessions = sessions;
        this.deaths = deaths;
        this.announcer = announcer;
    }

    /** It is over. */
    void end(RedisSession session, Ended why) {
        if (why == Ended.LOST && !session.alone()) {
            deaths.shared(session.entry().name(), session.generation());
        }
        if (sessions.end(session)) {
            announcer.add(listener -> listener.ended(session, why));
        }
    }

    /** The same where the table remembers it, and its client may still carry what vouches for it. */
    void forGood(RedisSession session, Ended why) {
        deaths.session(session.entry().name(), session.generation(), why);
        end(session, why);
    }

    /** The table told that this life, or an older one, of a session is over. */
    void ended(String sid, long generation, Ended why) {
        deaths.session(sid, generation, why);
        RedisSession session = sessions.named(sid);
        if (session != null && session.generation() <= generation) {
            end(session, why);
        }
    }

    /** The sessions of an instance's life that is over. */
    void lose(String life) {
        sessions.of(life).forEach(session -> end(session, Ended.LOST));
    }
}
