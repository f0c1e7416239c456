package dev.sandgate.affinity.redis;

/** How often what happened. */
final class WorldTally {

    /** Requests in all. */
    int requests;
    /** Those that are not over, but for those that ended with their node. */
    int underWay;
    /** Of these, how many came while another was under way. */
    int overlapping;
    /** Of these, how many began and ended when everything had to go well. */
    int inCalm;
    /** Of those, how many were served, or told the truth about why not. */
    int well;
    /** Served while a table that lost what was written last had not been told everything by that node. */
    int excused;

    void add(WorldTally other) {
        requests += other.requests;
        overlapping += other.overlapping;
        inCalm += other.inCalm;
        well += other.well;
        excused += other.excused;
    }

    @Override
    public String toString() {
        return requests + " requests, " + overlapping + " overlapping, " + well + " of " + inCalm + " well in calm, "
                + excused + " excused";
    }
}
