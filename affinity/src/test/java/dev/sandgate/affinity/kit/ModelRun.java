package dev.sandgate.affinity.kit;

import static dev.sandgate.affinity.kit.Pools.POOL;
import static dev.sandgate.affinity.kit.TableContract.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.AffinityTable;
import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.Confirmation;
import dev.sandgate.affinity.Instance;
import dev.sandgate.affinity.Lease;
import dev.sandgate.affinity.Opening;
import dev.sandgate.affinity.Placement;
import dev.sandgate.affinity.Placement.Fresh;
import dev.sandgate.affinity.Placement.Held;
import dev.sandgate.affinity.Placement.Kept;
import dev.sandgate.affinity.Placement.Refused;
import dev.sandgate.affinity.Report;
import dev.sandgate.affinity.Reservation;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.Source;
import dev.sandgate.conf.SessionsConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/** Random steps on a table and on {@link PlainTable} at once: they must answer the same. */
public final class ModelRun {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final AffinityTable table;
    private final PlainTable plain;
    private final Random random;
    private final Consumer<Duration> clock;
    private final List<Opening> openings = new ArrayList<>();
    private final List<Reservation> reservations = new ArrayList<>();
    /** The last binding that was seen of each session, and those under way. */
    private final Map<SessionKey, Binding> seen = new HashMap<>();

    private final List<Binding> underWay = new ArrayList<>();
    private final List<String> steps = new ArrayList<>();

    public ModelRun(AffinityTable table, SessionsConfig config, Random random, Consumer<Duration> clock) {
        this.table = table;
        this.plain = new PlainTable(config);
        this.random = random;
        this.clock = clock;
    }

    public void run(int count) {
        for (int i = 0; i < 3; i++) {
            report(new Report.Ready(Pools.instance("i" + i), 1 + random.nextInt(2)));
        }
        for (int i = 0; i < count; i++) {
            step();
            List<String> members = table.instances(POOL).members().stream()
                    .map(it -> it.instance().id() + it.instance().incarnation() + " " + it.state() + " " + it.used()
                            + "/" + it.cap())
                    .toList();
            assertThat(members).as("after %s", steps).isEqualTo(plain.instances());
        }
    }

    private void step() {
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3 -> open(key(), opening());
            case 4 -> {
                SessionKey key = key();
                check("find " + key.id(), words(await(table.find(key))), plain.find(key));
            }
            case 5, 6 -> reserve(opening());
            case 7 -> extendOrRelease();
            case 8, 9 -> confirm();
            case 10, 11 -> rebindOrAbandon();
            case 12 -> end(key());
            case 13, 14, 15 -> use();
            case 16 -> report(random.nextInt(3));
            case 17 -> report(random.nextInt(5));
            default -> pass(random.nextInt(12) == 0 ? 40 : 1 + random.nextInt(6));
        }
    }

    private void open(SessionKey key, Opening opening) {
        boolean lived = plain.lives(key);
        PlainTable.Answer expected = plain.open(key, opening);
        Placement placement = await(table.open(key, opening));
        check("open " + key.id() + opening, words(placement), expected);
        if (placement instanceof Fresh fresh && !lived) {
            plain.settle(fresh.binding().instance().id(), opening.requestId(), key);
        }
        remember(placement);
    }

    private void reserve(Opening opening) {
        PlainTable.Answer expected = plain.reserve(opening);
        Placement placement = await(table.reserve(POOL, "", opening));
        check("reserve " + opening, words(placement), expected);
        if (placement instanceof Held held) {
            if (!plain.extend(opening.requestId(), held.reservation().instance())) {
                plain.settle(held.reservation().instance().id(), opening.requestId(), null);
            }
            reservations.add(held.reservation());
        }
    }

    private void extendOrRelease() {
        if (reservations.isEmpty()) {
            return;
        }
        Reservation some = some(reservations);
        if (random.nextBoolean()) {
            steps.add("extend " + some);
            assertThat(await(table.extend(some)))
                    .as("after %s", steps)
                    .isEqualTo(plain.extend(some.requestId(), some.instance()));
        } else {
            steps.add("release " + some);
            plain.release(some.requestId(), some.instance());
            await(table.release(some));
        }
    }

    private void confirm() {
        if (reservations.isEmpty()) {
            return;
        }
        Reservation some = some(reservations);
        SessionKey key = new SessionKey(POOL, Source.MCP, "l" + random.nextInt(3), random.nextBoolean() ? "al" : "bo");
        PlainTable.Answer expected = plain.confirm(some.requestId(), some.instance(), key);
        Confirmation confirmation = await(table.confirm(some, key, Lease.USE));
        if (confirmation instanceof Confirmation.Bound bound) {
            seen.put(key, bound.binding());
            check(
                    "confirm " + key.id(),
                    Map.entry("Bound", bound.binding().instance().id()),
                    expected);
        } else if (confirmation instanceof Confirmation.TakenBy taken) {
            check("confirm " + key.id(), Map.entry("TakenBy", taken.other().id()), expected);
        } else {
            check("confirm " + key.id(), Map.entry("LAPSED", ""), expected);
        }
    }

    private void rebindOrAbandon() {
        if (seen.isEmpty()) {
            return;
        }
        Binding some = some(List.copyOf(seen.values()));
        Opening opening = opening();
        if (random.nextInt(3) == 0) {
            steps.add("abandon " + some.key().id() + opening);
            plain.abandon(some.key(), opening.requestId());
            await(table.abandon(some, opening.requestId()));
            return;
        }
        boolean lived = plain.lives(some.key());
        PlainTable.Answer expected = plain.rebind(some.key(), opening);
        Placement placement = await(table.rebind(some, opening));
        check("rebind " + some.key().id() + opening, words(placement), expected);
        if (placement instanceof Fresh fresh) {
            String home = fresh.binding().instance().id();
            if (lived) {
                plain.settleMove(some.key(), home);
            } else {
                plain.settle(home, opening.requestId(), some.key());
            }
        }
        remember(placement);
    }

    private void end(SessionKey key) {
        steps.add("end " + key.id());
        assertThat(await(table.end(key, Long.MAX_VALUE))).as("after %s", steps).isEqualTo(plain.end(key));
    }

    private void use() {
        if (!underWay.isEmpty() && random.nextBoolean()) {
            Binding one = underWay.remove(random.nextInt(underWay.size()));
            steps.add("leave " + one.key().id());
            one.leave();
            if (current(one)) {
                plain.leave(one.key());
            }
        } else if (!seen.isEmpty()) {
            Binding one = some(List.copyOf(seen.values()));
            if (random.nextInt(8) == 0) {
                steps.add("touch " + one.key().id());
                table.touch(one);
                if (current(one)) {
                    plain.touch(one.key());
                }
                return;
            }
            steps.add("enter " + one.key().id());
            boolean entered = one.enter();
            assertThat(entered).as("after %s", steps).isEqualTo(current(one));
            if (entered) {
                underWay.add(one);
                plain.enter(one.key());
            }
        }
    }

    private void report(int kind) {
        Instance instance = Pools.life("i" + random.nextInt(3), random.nextInt(3) == 0 ? "2" : "1");
        int cap = 1 + random.nextInt(3);
        switch (kind) {
            case 0 -> report(new Report.Unreachable(instance));
            case 1 -> report(new Report.Reachable(instance));
            case 2 -> report(new Report.Ready(instance, cap));
            case 3 -> report(new Report.Draining(instance));
            default -> report(new Report.Ready(Pools.life(instance.id(), "n" + random.nextInt(100)), cap));
        }
    }

    private void report(Report report) {
        steps.add(report.toString());
        if (report instanceof Report.Ready ready) {
            plain.ready(ready.instance(), ready.cap());
        } else if (report instanceof Report.Gone) {
            plain.gone(report.instance());
        } else if (report instanceof Report.Draining) {
            plain.drain(report.instance());
        } else if (report instanceof Report.Unreachable) {
            plain.unreachable(report.instance());
        } else {
            plain.reachable(report.instance());
        }
        await(table.report(report));
    }

    private void pass(int seconds) {
        steps.add(seconds + " s");
        for (int i = 0; i < seconds; i++) {
            clock.accept(SECOND);
            plain.advance(SECOND);
            await(table.beat());
        }
    }

    /** Whether this is the life that goes on now, as the model sees it. */
    private boolean current(Binding binding) {
        return plain.lives(binding.key())
                && plain.homeOf(binding.key()).equals(binding.instance())
                && seen.get(binding.key()) == binding;
    }

    private void remember(Placement placement) {
        if (placement instanceof Fresh fresh) {
            seen.put(fresh.binding().key(), fresh.binding());
        } else if (placement instanceof Kept kept) {
            assertThat(kept.binding())
                    .as("after %s", steps)
                    .isEqualTo(seen.get(kept.binding().key()));
        }
    }

    private void check(String step, Map.Entry<String, String> answer, PlainTable.Answer expected) {
        steps.add(step);
        assertThat(answer.getKey()).as("after %s", steps).isEqualTo(expected.words());
        if (!expected.homes().isEmpty()) {
            assertThat(expected.homes()).as("after %s", steps).contains(answer.getValue());
        }
    }

    private static Map.Entry<String, String> words(Placement placement) {
        if (placement instanceof Fresh fresh) {
            return Map.entry("Fresh", fresh.binding().instance().id());
        } else if (placement instanceof Kept kept) {
            return Map.entry("Kept", kept.binding().instance().id());
        } else if (placement instanceof Held held) {
            return Map.entry("Held", held.reservation().instance().id());
        }
        Refused refused = (Refused) placement;
        return Map.entry(
                refused.why()
                        + (refused.retryAfter().isZero()
                                ? ""
                                : " " + refused.retryAfter().toSeconds()),
                "");
    }

    private SessionKey key() {
        int which = random.nextInt(7);
        return which < 4
                ? Pools.key("x" + which)
                : new SessionKey(POOL, Source.MCP, "l" + (which - 4), random.nextBoolean() ? "al" : "bo");
    }

    /** A new request's, or an earlier one's once more; at times with an instance tried in vain. */
    private Opening opening() {
        Opening opening = openings.isEmpty() || random.nextInt(3) > 0
                ? new Opening(openings.size() + 1, Set.of())
                : openings.get(Math.max(0, openings.size() - 1 - random.nextInt(4)));
        openings.add(opening);
        return random.nextInt(4) == 0 ? opening.without("i" + random.nextInt(3)) : opening;
    }

    private <T> T some(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
