package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.Member;
import java.util.List;

/** What the table tells of instances, told on once, whoever did it. Guarded by the pool's lock. */
final class InstanceNews {

    private final NearFleet fleet;
    private final Endings endings;
    private final Deaths deaths;
    private final Announcer announcer;

    InstanceNews(NearFleet fleet, Endings endings, Deaths deaths, Announcer announcer) {
        this.fleet = fleet;
        this.endings = endings;
        this.deaths = deaths;
        this.announcer = announcer;
    }

    /**
     * What a report or time did to an instance.
     *
     * @param words as the scripts' {@code row} tells them
     * @param toldAt by the table's clock, in ms
     */
    void row(List<String> words, Moment at, long toldAt) {
        NearFleet.Row row = fleet.read(words, at, toldAt);
        if (fleet.outdates(row) || (row.member().state() != Member.State.GONE && deaths.isOver(row.life()))) {
            return;
        }
        NearFleet.Row before = fleet.put(row);
        Member now = row.member();
        boolean same = before != null && before.life().equals(row.life());
        if (now.state() == Member.State.GONE) {
            deaths.life(row.life());
            endings.lose(row.life());
            if (same) {
                gone(row);
            }
            return;
        }
        if (before != null && !same) {
            // A table that began anew may call the same life by another name.
            boolean another = !before.member().instance().equals(now.instance());
            if (another || before.at().epoch() == at.epoch()) {
                endings.lose(before.life());
            }
        }
        if (before == null
                || !same
                || before.member().state() != now.state()
                || before.member().cap() != now.cap()
                || (now.suspected() && !before.member().suspected())) {
            announcer.add(listener -> listener.changed(now));
        }
    }

    /** It is not there any more. */
    void gone(NearFleet.Row row) {
        Member gone = row.member();
        endings.lose(row.life());
        announcer.add(listener -> listener.changed(new Member(gone.instance(), Member.State.GONE, gone.cap(), 0)));
    }
}
