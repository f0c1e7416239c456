package dev.sandgate.affinity;

/**
 * How many instances a pool has at least and at most, and what follows from that. Pure.
 *
 * @param min instances that take sessions at least, full ones among them; from 0
 * @param max instances at most, those among them that start or drain; at least 1 and {@code min}
 * @param perInstance slots of each, at least 1
 */
public record Scale(int min, int max, int perInstance) {

    /**
     * What there is of a pool at one moment.
     *
     * @param fleet the instances that the table knows
     * @param starting instances on their way into it
     * @param all instances in all: known, starting, and on their way out
     */
    public record Stock(Fleet fleet, int starting, int all) {}

    /**
     * How many more instances to start now.
     *
     * @param slotsWanted slots that waiting requests need
     * @return 0 to {@link #max}
     */
    public int toStart(Stock stock, int slotsWanted) {
        long free = 0;
        int serving = 0;
        for (Member member : stock.fleet.members()) {
            free += member.open() ? member.cap() - member.used() : 0;
            serving += member.state() == Member.State.READY || member.state() == Member.State.COOLING ? 1 : 0;
        }
        long missing = Math.max(0, slotsWanted - free - (long) stock.starting * perInstance);
        long forThoseWhoWait = (missing + perInstance - 1) / perInstance;
        long forTheLeast = (long) min - serving - stock.starting;
        long room = (long) max - stock.all;
        return (int) Math.max(0, Math.min(room, Math.max(forThoseWhoWait, forTheLeast)));
    }

    /** Whether one of so many that serve or start may stop without anybody missing it. */
    public boolean sparesOneOf(int servingOrStarting) {
        return servingOrStarting > min;
    }
}
