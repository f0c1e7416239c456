package dev.sandgate.affinity.kit;

import dev.sandgate.affinity.Ended;
import dev.sandgate.affinity.Instance;
import dev.sandgate.affinity.Member.State;
import dev.sandgate.affinity.Opening;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.conf.SessionsConfig;
import dev.sandgate.conf.SessionsConfig.OnLost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a pool, as plainly as they can be said: lists, searched from end to end, no lock, no index. Answers are
 * words. Where a new session goes is the table's choice; this only names the instances among which it may choose.
 */
public final class PlainTable {

    /** What is expected: an answer, and where it names an instance, which it may be. */
    public record Answer(String words, Set<String> homes) {}

    /** An instance. */
    private static final class Home {
        final Instance instance;
        int cap;
        boolean draining;

        @Nullable Duration unreachableSince;

        Duration coolFor = Duration.ZERO;
        Duration coolUntil = Duration.ZERO;

        Home(Instance instance) {
            this.instance = instance;
        }
    }

    /** A session or a reservation: what holds a slot. */
    private static final class Guest {
        final Home home;
        final long requestId;
        Duration since;

        @Nullable SessionKey key;

        boolean joined;
        boolean used;
        int entered;
        int underWay;
        Duration last;

        Guest(Home home, long requestId, Duration now) {
            this.home = home;
            this.requestId = requestId;
            this.since = now;
            this.last = now;
        }
    }

    private record Grave(SessionKey key, Ended why, Instance home, Duration until, Duration forgotten, long unusedBy) {}

    private static final Duration LEASE = Duration.ofSeconds(15);

    private final SessionsConfig config;
    private final List<Home> homes = new ArrayList<>();
    private final Set<Instance> dead = new HashSet<>();
    private final List<Guest> guests = new ArrayList<>();
    private final Map<SessionKey, Grave> graves = new HashMap<>();
    private Duration now = Duration.ZERO;

    public PlainTable(SessionsConfig config) {
        this.config = config;
    }

    public void advance(Duration by) {
        now = now.plus(by);
        for (Home home : List.copyOf(homes)) {
            if (home.unreachableSince != null && reached(home.unreachableSince.plus(config.lostAfter()))) {
                lose(home);
            }
        }
        for (Guest guest : List.copyOf(guests)) {
            if (guest.key == null) {
                if (reached(guest.last.plus(LEASE))) {
                    guests.remove(guest);
                }
            } else if (reached(guest.since.plus(config.maxLifetime()))
                    || (guest.underWay == 0 && reached(guest.last.plus(idle(guest))))) {
                bury(guest, Ended.EXPIRED);
            }
        }
    }

    public Answer find(SessionKey key) {
        Guest live = live(key);
        if (live != null) {
            return hit(live, key);
        }
        Grave grave = grave(key);
        return grave != null && mine(grave.key, key) ? no("SESSION_" + grave.why) : no("SESSION_UNKNOWN");
    }

    public Answer open(SessionKey key, Opening opening) {
        Guest live = live(key);
        if (live == null) {
            return begin(key, opening);
        }
        if (mine(key(live), key) && live.requestId == opening.requestId() && alone(live)) {
            live.last = now;
            return at("Fresh", live.home);
        }
        return hit(live, key);
    }

    public Answer reserve(Opening opening) {
        Guest before = reservation(opening.requestId());
        if (before != null && !opening.excluded().contains(before.home.instance.id())) {
            before.last = now;
            return at("Held", before.home);
        }
        guests.remove(before);
        return choose("Held", opening.excluded());
    }

    /** The table chose: from now on this holds a slot. */
    public void settle(String instance, long requestId, @Nullable SessionKey key) {
        Guest guest = new Guest(home(instance), requestId, now);
        guest.key = key;
        guests.add(guest);
    }

    public boolean extend(long requestId, Instance instance) {
        Guest found = reservation(requestId);
        if (found == null || !found.home.instance.equals(instance)) {
            return false;
        }
        found.last = now;
        return true;
    }

    public void release(long requestId, Instance instance) {
        guests.removeIf(it -> it.key == null && it.requestId == requestId && it.home.instance.equals(instance));
    }

    public Answer confirm(long requestId, Instance instance, SessionKey key) {
        Guest live = live(key);
        if (live != null && live.requestId == requestId && mine(key(live), key)) {
            return at("Bound", live.home);
        }
        Guest held = reservation(requestId);
        boolean holds = held != null && held.home.instance.equals(instance);
        Instance other = live == null ? claimant(key, instance) : live.home.instance;
        if (holds) {
            guests.remove(held);
        }
        if (other != null) {
            return new Answer("TakenBy", Set.of(other.id()));
        }
        Home home = current(instance);
        if (home == null || (!holds && used(home) >= home.cap)) {
            return new Answer("LAPSED", Set.of());
        }
        Guest born = new Guest(home, requestId, now);
        born.key = key;
        born.joined = true;
        guests.add(born);
        return at("Bound", home);
    }

    public Answer rebind(SessionKey key, Opening opening) {
        Guest live = live(key);
        if (live == null) {
            Grave grave = grave(key);
            return grave != null && grave.why == Ended.LOST ? begin(key, opening) : find(key);
        }
        if (live.requestId != opening.requestId() || !alone(live)) {
            return no("SESSION_IN_USE");
        }
        Grave before = grave(key);
        if (before != null && current(before.home) != null && !reached(before.until)) {
            return no("SESSION_ENDING " + before.until.minus(now).toSeconds());
        }
        return choose("Fresh", opening.without(live.home.instance.id()).excluded());
    }

    /** A session was moved: the old place is free, its lifetime goes on. */
    public void settleMove(SessionKey key, String instance) {
        Guest old = live(key);
        if (old == null) {
            throw new AssertionError("moved what does not live");
        }
        guests.remove(old);
        Guest guest = new Guest(home(instance), old.requestId, now);
        guest.key = key(old);
        guest.since = old.since;
        guests.add(guest);
    }

    public Instance homeOf(SessionKey key) {
        return Objects.requireNonNull(live(key)).home.instance;
    }

    public boolean lives(SessionKey key) {
        return live(key) != null;
    }

    public void abandon(SessionKey key, long requestId) {
        Guest live = live(key);
        if (live != null && live.requestId == requestId && alone(live)) {
            guests.remove(live);
        }
    }

    public boolean end(SessionKey key) {
        Guest live = live(key);
        if (live == null || !mine(key(live), key)) {
            return false;
        }
        bury(live, Ended.ENDED);
        return true;
    }

    public void enter(SessionKey key) {
        Guest live = live(key);
        if (live != null) {
            live.entered++;
            live.underWay++;
        }
    }

    public void leave(SessionKey key) {
        Guest live = live(key);
        if (live != null) {
            live.underWay--;
            live.last = now;
        }
    }

    public void touch(SessionKey key) {
        Guest live = live(key);
        if (live != null) {
            live.used = true;
            live.last = now;
        }
    }

    public void ready(Instance instance, int cap) {
        Home home = current(instance);
        if (home == null) {
            if (dead.contains(instance)) {
                return;
            }
            Home successor = new Home(instance);
            int place = homes.size();
            for (Home old : List.copyOf(homes)) {
                if (old.instance.id().equals(instance.id())) {
                    place = homes.indexOf(old);
                    dead.add(old.instance);
                    lose(old);
                }
            }
            homes.add(place, successor);
            home = successor;
        }
        home.cap = cap;
        home.draining = false;
    }

    public void gone(Instance instance) {
        Home home = current(instance);
        if (home != null) {
            dead.add(instance);
            lose(home);
        }
    }

    public void drain(Instance instance) {
        Home home = current(instance);
        if (home != null) {
            home.draining = true;
        }
    }

    public void unreachable(Instance instance) {
        Home home = current(instance);
        if (home == null || (home.unreachableSince != null && !reached(home.coolUntil))) {
            return;
        }
        Duration doubled = home.coolFor.multipliedBy(2);
        Duration longest = Duration.ofSeconds(30);
        if (home.unreachableSince == null) {
            home.unreachableSince = now;
            doubled = Duration.ofSeconds(1);
        }
        home.coolFor = doubled.compareTo(longest) < 0 ? doubled : longest;
        home.coolUntil = now.plus(home.coolFor);
    }

    public void reachable(Instance instance) {
        Home home = current(instance);
        if (home != null) {
            home.unreachableSince = null;
        }
    }

    /** Each instance with its state, cap and slots in use, in order. */
    public List<String> instances() {
        return homes.stream()
                .map(it ->
                        it.instance.id() + it.instance.incarnation() + " " + state(it) + " " + used(it) + "/" + it.cap)
                .toList();
    }

    private Answer begin(SessionKey key, Opening opening) {
        Grave grave = grave(key);
        if (grave != null) {
            if (!mine(grave.key, key)) {
                return no("SESSION_UNKNOWN");
            }
            boolean nothingLost = config.onLost() == OnLost.REBIND || grave.unusedBy == opening.requestId();
            if (!(grave.why == Ended.LOST ? nothingLost : config.reuseId())) {
                return no("SESSION_" + grave.why);
            }
            Home old = current(grave.home);
            if (old != null && !reached(grave.until)) {
                return free(opening.excluded()).anyMatch(it -> it == old)
                        ? at("Fresh", old)
                        : no("SESSION_ENDING " + grave.until.minus(now).toSeconds());
            }
        }
        return choose("Fresh", opening.excluded());
    }

    private Answer choose(String words, Set<String> excluded) {
        List<Home> free = free(excluded).toList();
        if (free.isEmpty()) {
            boolean serves = homes.stream()
                    .filter(it -> !excluded.contains(it.instance.id()))
                    .anyMatch(it -> state(it) == State.READY || (state(it) == State.DRAINING && used(it) >= it.cap));
            return no(serves ? "POOL_FULL 1" : "NO_INSTANCE 1");
        }
        int fewest = free.stream().mapToInt(this::used).min().orElseThrow();
        Set<String> best = new HashSet<>();
        free.stream().filter(it -> used(it) == fewest).forEach(it -> best.add(it.instance.id()));
        return new Answer(words, best);
    }

    private Answer hit(Guest live, SessionKey key) {
        if (!mine(key(live), key)) {
            return no("SESSION_UNKNOWN");
        }
        live.joined = true;
        live.last = now;
        return at("Kept", live.home);
    }

    private @Nullable Instance claimant(SessionKey key, Instance maker) {
        Grave grave = grave(key);
        if (grave == null) {
            return null;
        }
        boolean leased = !reached(grave.until) && current(grave.home) != null && !grave.home.equals(maker);
        boolean claimed = grave.why == Ended.LOST ? !mine(grave.key, key) : !config.reuseId();
        return leased || claimed ? grave.home : null;
    }

    private void lose(Home home) {
        homes.remove(home);
        for (Guest guest : List.copyOf(guests)) {
            if (guest.home == home) {
                if (guest.key == null) {
                    guests.remove(guest);
                } else {
                    bury(guest, Ended.LOST);
                }
            }
        }
    }

    private void bury(Guest guest, Ended why) {
        guests.remove(guest);
        Duration idles = (guest.underWay > 0 ? now : guest.last).plus(idle(guest));
        Duration dies = guest.since.plus(config.maxLifetime());
        Duration lapses = idles.compareTo(dies) < 0 ? idles : dies;
        Duration until = why == Ended.EXPIRED ? now : lapses;
        Duration remembered = now.plus(config.rememberEnded());
        graves.put(
                key(guest),
                new Grave(
                        key(guest),
                        why,
                        guest.home.instance,
                        until,
                        until.compareTo(remembered) > 0 ? until : remembered,
                        alone(guest) ? guest.requestId : -1));
    }

    private @Nullable Guest live(SessionKey key) {
        return guests.stream().filter(it -> key.equals(it.key)).findFirst().orElse(null);
    }

    private @Nullable Guest reservation(long requestId) {
        return guests.stream()
                .filter(it -> it.key == null && it.requestId == requestId)
                .findFirst()
                .orElse(null);
    }

    private @Nullable Grave grave(SessionKey key) {
        Grave found = graves.get(key);
        return found == null || reached(found.forgotten) ? null : found;
    }

    private @Nullable Home current(Instance instance) {
        return homes.stream()
                .filter(it -> it.instance.equals(instance))
                .findFirst()
                .orElse(null);
    }

    private Home home(String id) {
        return homes.stream()
                .filter(it -> it.instance.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private Stream<Home> free(Set<String> excluded) {
        return homes.stream()
                .filter(it -> state(it) == State.READY && used(it) < it.cap && !excluded.contains(it.instance.id()));
    }

    private int used(Home home) {
        return (int) guests.stream().filter(it -> it.home == home).count();
    }

    private State state(Home home) {
        if (home.draining) {
            return State.DRAINING;
        }
        return home.unreachableSince != null && !reached(home.coolUntil) ? State.COOLING : State.READY;
    }

    private Duration idle(Guest guest) {
        return guest.used || guest.entered > 1 ? config.idleTimeout() : config.unusedTimeout();
    }

    private boolean reached(Duration moment) {
        return now.compareTo(moment) >= 0;
    }

    private static boolean alone(Guest guest) {
        return !guest.joined && !guest.used && guest.entered < 2;
    }

    private static SessionKey key(Guest guest) {
        return Objects.requireNonNull(guest.key);
    }

    private static boolean mine(SessionKey owner, SessionKey caller) {
        return owner.principal().equals(caller.principal());
    }

    private static Answer at(String words, Home home) {
        return new Answer(words, Set.of(home.instance.id()));
    }

    private static Answer no(String words) {
        return new Answer(words, Set.of());
    }
}
