package dev.sandgate.affinity.redis;

import io.vertx.redis.client.Response;

/**
 * What a script answered.
 *
 * @param result its own part of the answer
 * @param rows instances that changed, or that were asked for
 * @param sentAt when it was asked for, by this node's clock, in ns
 * @param tableNow the table's clock then, in ms
 * @param at where in the pool's history
 */
record Told(Response result, Response rows, long sentAt, long tableNow, Moment at) {

    /** The same for one part of the result. */
    Told part(int index) {
        return new Told(result.get(index), rows, sentAt, tableNow, at);
    }

    boolean isLate() {
        return result.size() > 0 && is("late");
    }

    boolean is(String word) {
        return word(0).equals(word);
    }

    String word(int index) {
        return result.get(index).toString();
    }

    long number(int index) {
        return result.get(index).toLong();
    }
}
