package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.Fleet;
import dev.sandgate.affinity.Instance;
import dev.sandgate.affinity.Member;
import dev.sandgate.affinity.Member.State;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A pool's instances as the table last told them. Changed under the pool's lock, read by any thread. */
final class NearFleet {

    /**
     * One instance.
     *
     * @param words what the table told of it
     * @param at when in the table's history
     * @param toldAt when by the table's clock, in ms
     */
    record Row(List<String> words, Moment at, long toldAt, Member member) {

        /** Its id as it stands in Redis. */
        String word() {
            return words.get(0);
        }

        /** Its life, in the table. */
        String life() {
            return words.get(2);
        }

        int reservations() {
            return Integer.parseInt(words.get(6));
        }

        /** In which it came. */
        long order() {
            return Long.parseLong(words.get(7));
        }

        /** What the script {@code assert} wants to know. */
        List<String> assertion() {
            return List.of(
                    word(),
                    words.get(1),
                    life(),
                    words.get(4),
                    words.get(9),
                    words.get(10),
                    words.get(7),
                    words.get(11),
                    words.get(8));
        }
    }

    private static final int MISSED = 12;

    private final String pool;
    private final Map<String, Row> rows = new ConcurrentHashMap<>();

    NearFleet(String pool) {
        this.pool = pool;
    }

    /** What the scripts' {@code row} tells. */
    Row read(List<String> words, Moment at, long toldAt) {
        Instance instance = Words.instance(pool, words.get(0), words.get(1));
        int used = Integer.parseInt(words.get(5)) + Integer.parseInt(words.get(6));
        return new Row(
                words,
                at,
                toldAt,
                new Member(
                        instance,
                        State.valueOf(words.get(3)),
                        Integer.parseInt(words.get(4)),
                        used,
                        words.get(MISSED).equals("1")));
    }

    /** Takes it in unless something later is known; whether it was taken in, and what stood there before. */
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

    /** Whether something later than this is known of the same instance. */
    boolean outdates(Row row) {
        Row known = rows.get(row.word());
        return known != null && known.at().isAfter(row.at());
    }

    /** Drops those of an order in this range, the first excluded, that the table did not name; what was dropped. */
    List<Row> keepOnly(Set<String> named, long after, long upTo, Moment at) {
        List<Row> dropped = new ArrayList<>();
        for (Row row : List.copyOf(rows.values())) {
            boolean asked =
                    row.order() > after && row.order() <= upTo && !row.at().isAfter(at);
            if (asked && !named.contains(row.word()) && rows.remove(row.word(), row)) {
                dropped.add(row);
            }
        }
        return dropped;
    }

    /** The current life of the instance of this id as it stands in Redis. */
    Optional<Row> row(String word) {
        return Optional.ofNullable(rows.get(word));
    }

    Collection<Row> rows() {
        return rows.values();
    }

    Fleet fleet() {
        return new Fleet(rows.values().stream()
                .sorted(Comparator.comparingLong(Row::order))
                .map(Row::member)
                .toList());
    }

    /** Of these rows, as the scripts tell them, the instances that no node misses. */
    List<Instance> trusted(Response rows) {
        List<Instance> trusted = new ArrayList<>();
        for (Response row : rows) {
            if (row.get(MISSED).toString().equals("0")) {
                trusted.add(
                        Words.instance(pool, row.get(0).toString(), row.get(1).toString()));
            }
        }
        return trusted;
    }

    Set<Instance> current() {
        return rows.values().stream().map(row -> row.member().instance()).collect(Collectors.toSet());
    }

    int used() {
        return rows.values().stream().mapToInt(row -> row.member().used()).sum();
    }

    int reservations() {
        return rows.values().stream().mapToInt(Row::reservations).sum();
    }
}
