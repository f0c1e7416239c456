package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.Ended;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.Sighting;
import dev.sandgate.affinity.redis.TableFault.Reason;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Sessions for an operator: page by page, or by their ids. Where the principal is part of the name, and nobody says whose session it is,
 * the server's keys are gone through, a thousand a step. Any thread.
 */
final class Search {

    private static final String BEGIN = "0";

    private final Calls calls;
    private final SessionNames names;
    private final RedisPool pool;

    Search(Calls calls, SessionNames names, RedisPool pool) {
        this.calls = calls;
        this.names = names;
        this.pool = pool;
    }

    /** See {@link dev.sandgate.affinity.AffinityTable#list}. */
    Future<List<Binding>> page(long after, int limit) {
        if (limit < 1 || limit > 1_000) {
            return Future.failedFuture(new IllegalArgumentException("limit " + limit + " (expected: 1 to 1000)"));
        }
        return calls.run(
                pool,
                Scripts.LIST,
                told -> {
                    List<Binding> page = new ArrayList<>();
                    for (int at = 0; at < told.result().size(); at++) {
                        page.add(pool.reader.listed(told.part(at)));
                    }
                    return page;
                },
                "" + after,
                "" + limit);
    }

    private record Quest(String whole, String stems, Map<String, Sighting> found) {

        List<Sighting> inOrder() {
            List<Sighting> all = new ArrayList<>();
            found.values().stream().filter(Sighting.Live.class::isInstance).forEach(all::add);
            found.values().stream().filter(Sighting.Over.class::isInstance).forEach(all::add);
            return all;
        }
    }

    /** See {@link dev.sandgate.affinity.AffinityTable#search}. */
    Future<List<Sighting>> of(Set<SessionKey> named) {
        String whole =
                named.stream().filter(key -> !isAnybodys(key)).map(names::name).collect(Collectors.joining("|"));
        String stems = named.stream()
                .filter(Search::isAnybodys)
                .flatMap(key -> names.stems(key).stream())
                .collect(Collectors.joining("|"));
        return step(new Quest(whole, stems, new LinkedHashMap<>()), BEGIN, Moment.NEVER);
    }

    /** Whether only the beginning of its name is known. */
    private static boolean isAnybodys(SessionKey key) {
        return key.source().clientChosen() && key.principal().isEmpty();
    }

    private Future<List<Sighting>> step(Quest quest, String cursor, Moment before) {
        return calls.run(pool, Scripts.SEARCH, told -> take(quest, told), quest.whole, quest.stems, cursor)
                .compose(told -> {
                    if (!before.equals(Moment.NEVER)
                            && before.epoch() != told.at().epoch()) {
                        return Future.failedFuture(
                                new TableFault(Reason.NOT_READY, "the table began anew while it was searched"));
                    }
                    return told.is(BEGIN) ? done(quest) : step(quest, told.word(0), told.at());
                });
    }

    private Told take(Quest quest, Told told) {
        for (int at = 1; at < told.result().size(); at++) {
            Told part = told.part(at);
            quest.found.put(part.word(1), part.is("over") ? over(part) : new Sighting.Live(pool.reader.listed(part)));
        }
        return told;
    }

    private Sighting over(Told told) {
        return new Sighting.Over(
                SessionNames.unknown(pool.name, told.word(1)),
                told.word(1),
                Ended.valueOf(told.word(5)),
                pool.reader.instance(told, 2),
                told.number(4),
                Duration.ofMillis(told.number(6)),
                Duration.ofMillis(told.number(7)));
    }

    /** What the table may have lost is not called unknown. */
    private Future<List<Sighting>> done(Quest quest) {
        boolean recovers = pool.history(history -> history.isHeld(pool.clock.getAsLong()));
        return quest.found.isEmpty() && recovers
                ? Future.failedFuture(new TableFault(Reason.NOT_READY, "the table is being put together again"))
                : Future.succeededFuture(quest.inOrder());
    }
}
