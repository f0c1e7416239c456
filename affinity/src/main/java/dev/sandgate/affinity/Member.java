package dev.sandgate.affinity;

/**
 * An instance as placement sees it, at one moment.
 *
 * @param instance its current incarnation
 * @param state whether it takes new sessions
 * @param cap slots in all, as configured or lowered since; may be under {@code used}
 * @param used sessions and reservations that hold a slot
 * @param suspected whether some node could not reach it and has not reached it since; in whichever state
 */
public record Member(Instance instance, State state, int cap, int used, boolean suspected) {

    /** One that nobody has missed. */
    public Member(Instance instance, State state, int cap, int used) {
        this(instance, state, cap, used, false);
    }

    /** Whether an instance takes new sessions. */
    public enum State {
        READY,
        /** It refused or reset a connection: no new sessions for a while, known ones are tried. */
        COOLING,
        /** No new sessions; live ones go on. */
        DRAINING,
        /** This incarnation is over; its sessions are lost. */
        GONE
    }

    /**
     * Whether waiting for one of its sessions to end is what helps: it serves, or it drains while every slot is taken, as
     * an instance does whose slots are given once.
     */
    public boolean serves() {
        return state == State.READY || (state == State.DRAINING && used >= cap);
    }

    /** Whether one more session may be placed here. */
    public boolean open() {
        return state == State.READY && used < cap;
    }
}
