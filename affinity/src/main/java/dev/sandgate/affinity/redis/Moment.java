package dev.sandgate.affinity.redis;

/**
 * Where in a pool's history something was so.
 *
 * @param epoch when the table last began anew
 * @param seq news told since then
 */
record Moment(long epoch, long seq) {

    /** Before everything. */
    static final Moment NEVER = new Moment(0, 0);

    boolean isAfter(Moment other) {
        return epoch == other.epoch ? seq > other.seq : epoch > other.epoch;
    }

    /** Whether nothing was told in between. */
    boolean follows(Moment other) {
        return epoch == other.epoch && seq == other.seq + 1;
    }

    /** As an entry of the log is numbered. */
    static Moment of(String id) {
        int dash = id.indexOf('-');
        return new Moment(Long.parseLong(id.substring(0, dash)), Long.parseLong(id.substring(dash + 1)));
    }

    @Override
    public String toString() {
        return epoch + "-" + seq;
    }
}
