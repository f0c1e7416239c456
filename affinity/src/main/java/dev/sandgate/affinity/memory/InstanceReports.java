package dev.sandgate.affinity.memory;

import dev.sandgate.affinity.Ended;
import dev.sandgate.affinity.Member;
import dev.sandgate.affinity.Report;
import java.util.List;

/** What reports and time do to instances. Guarded by the pool's lock. */
final class InstanceReports {

    private final Lifetimes lifetimes;
    private final SessionBook sessions;
    private final InstanceBook instances;
    private final Reservations reservations;
    private final Agenda agenda;

    InstanceReports(
            Lifetimes lifetimes,
            SessionBook sessions,
            InstanceBook instances,
            Reservations reservations,
            Agenda agenda) {
        this.lifetimes = lifetimes;
        this.sessions = sessions;
        this.instances = instances;
        this.reservations = reservations;
        this.agenda = agenda;
    }

    void take(Report report, Turn turn) {
        InstanceState state = instances.current(report.instance());
        if (state == null) {
            if (report instanceof Report.Ready ready) {
                appear(ready, turn);
            } else if (report instanceof Report.Found found) {
                appear(found.ready(), turn);
            }
            return;
        }
        Member before = state.member();
        if (report instanceof Report.Gone) {
            instances.bury(report.instance());
            end(state, turn);
            instances.remove(state);
        } else if (report instanceof Report.Unreachable) {
            state.unreachable(turn.now);
            look(state, turn);
        } else if (report instanceof Report.Reachable) {
            state.reachable();
            agenda.remove(state);
        } else if (report instanceof Report.Draining) {
            state.drain();
        } else if (report instanceof Report.Ready ready) {
            state.ready(ready);
        } else if (report instanceof Report.Found found) {
            state.found(found);
        }
        compare(before, state, turn);
    }

    /** What the agenda asks when a cool-down may be over, or an instance lost. */
    void look(InstanceState state, Turn turn) {
        if (state.lost(turn.now, lifetimes.lostAfter())) {
            end(state, turn);
            instances.remove(state);
            return;
        }
        Member before = state.member();
        state.thaw(turn.now);
        agenda.put(state, state.nextLook(lifetimes.lostAfter()));
        compare(before, state, turn);
    }

    private void appear(Report.Ready ready, Turn turn) {
        if (instances.isOver(ready.instance())) {
            return;
        }
        InstanceState predecessor = instances.byId(ready.instance().id());
        InstanceState born = new InstanceState(ready);
        instances.enter(born);
        if (predecessor != null) {
            instances.bury(predecessor.instance());
            end(predecessor, turn);
        }
        turn.changed(born.member());
        turn.freed();
    }

    /** Its sessions are lost, its slots are void. */
    private void end(InstanceState state, Turn turn) {
        state.end();
        agenda.remove(state);
        List.copyOf(state.sessions()).forEach(session -> sessions.end(session, Ended.LOST, turn));
        reservations.drop(state);
        turn.changed(state.member());
    }

    private static void compare(Member before, InstanceState state, Turn turn) {
        Member after = state.member();
        boolean missed = after.suspected() && !before.suspected();
        if (state.gone() || (before.state() == after.state() && before.cap() == after.cap() && !missed)) {
            return;
        }
        turn.changed(after);
        if (after.open() && (!before.open() || after.cap() > before.cap())) {
            turn.freed();
        }
    }
}
