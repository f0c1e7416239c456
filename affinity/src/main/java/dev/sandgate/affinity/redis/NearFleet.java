package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.Fleet;
import dev.sandgate.affinity.Instance;
import dev.sandgate.affinity.Member;
import dev.sandgate.affinity.Member.State;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A pool's instances as the table last told them. Changed on the link's event loop, read by any thread. */
final class NearFleet {

    /**
     * One instance.
     *
     * @param word its id as it stands in Redis
     * @param life of it, in the table
     * @param order in which it came
     */
    record Row(String word, String life, Member member, int reservations, long order) {}

    private final String pool;
    private final Map<String, Row> rows = new ConcurrentHashMap<>();

    NearFleet(String pool) {
        this.pool = pool;
    }

    /** What the scripts' {@code row} tells. */
    Row read(Response told) {
        String word = told.get(0).toString();
        Instance instance = Words.instance(pool, word, told.get(1).toString());
        int sessions = told.get(5).toInteger();
        int reservations = told.get(6).toInteger();
        Member member = new Member(
                instance, State.valueOf(told.get(3).toString()), told.get(4).toInteger(), sessions + reservations);
        return new Row(
                word, told.get(2).toString(), member, reservations, told.get(7).toLong());
    }

    /** Takes it in; the row that stood there before, if any. */
    @Nullable Row put(Row row) {
        if (row.member().state() != State.GONE) {
            return rows.put(row.word(), row);
        }
        Row before = rows.get(row.word());
        if (before != null && before.life().equals(row.life())) {
            rows.remove(row.word());
        }
        return before;
    }

    /** Drops those that the table did not name; what was dropped. */
    List<Row> keepOnly(Set<String> named) {
        Set<String> missing = new HashSet<>(rows.keySet());
        missing.removeAll(named);
        List<Row> dropped = new ArrayList<>();
        for (String word : missing) {
            Row row = rows.remove(word);
            if (row != null) {
                dropped.add(row);
            }
        }
        return dropped;
    }

    Fleet fleet() {
        return new Fleet(rows.values().stream()
                .sorted(Comparator.comparingLong(Row::order))
                .map(Row::member)
                .toList());
    }

    int used() {
        return rows.values().stream().mapToInt(row -> row.member().used()).sum();
    }

    int reservations() {
        return rows.values().stream().mapToInt(Row::reservations).sum();
    }
}
