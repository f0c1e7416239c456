package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.Instance;
import dev.sandgate.affinity.Placement.Why;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.redis.WorldStory.Home;
import dev.sandgate.affinity.redis.WorldStory.Over;
import dev.sandgate.conf.SessionsConfig;
import dev.sandgate.conf.SessionsConfig.OnLost;
import io.vertx.redis.client.Response;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Says whether what happened may happen: from what the instances themselves saw, from the slots that Redis holds after
 * each script, and from the faults of which the world knows.
 */
final class WorldJudge {

    /** A use without asking is told at the next beat at the latest: here a beat is longer than the margin of a lease. */
    private static final double TOLD_BY = 1.4 * WorldNode.BEAT;

    /** For so long a node may believe a deadline that the table's clock jumped over. */
    private static final double LONGEST_LEASE = 500;

    private final World world;
    private final WorldRedis redis;
    private final WorldWeather weather;
    private final List<WorldInstance> instances;
    private final List<WorldNode> nodes;
    private final SessionsConfig rules;
    private final Map<String, WorldStory> stories = new HashMap<>();
    private final Map<WorldInstance, Double> darkSince = new HashMap<>();
    private final Set<Home> givenUp = new HashSet<>();
    private final int[] used;
    private double heardAt = Double.NEGATIVE_INFINITY;
    private long epoch;
    private double epochSince = Double.NEGATIVE_INFINITY;
    /** Until then nobody may be admitted. */
    private double closedUntil;

    final WorldTally tally = new WorldTally();

    WorldJudge(
            World world,
            WorldRedis redis,
            WorldWeather weather,
            List<WorldInstance> instances,
            List<WorldNode> nodes,
            SessionsConfig rules) {
        this.world = world;
        this.redis = redis;
        this.weather = weather;
        this.instances = instances;
        this.nodes = nodes;
        this.rules = rules;
        this.used = new int[instances.size()];
        redis.judgedBy(this);
        look();
    }

    void bug(Throwable failure) {
        world.violated("bug", failure.toString());
    }

    WorldStory story(SessionKey key) {
        return story(TestTables.NAMES.name(key));
    }

    private WorldStory story(String name) {
        return stories.computeIfAbsent(name, WorldStory::new);
    }

    /** Since when nobody at all reaches an instance: after so long, the table may give it up. */
    private void look() {
        for (WorldInstance instance : instances) {
            boolean dark = nodes.stream().noneMatch(node -> !node.isDead() && instance.reachableFrom(node.name));
            if (!dark) {
                darkSince.remove(instance);
            } else if (world.now() - darkSince.computeIfAbsent(instance, any -> world.now())
                    > rules.lostAfter().toMillis() - 20) {
                givenUp.add(home(instance.now()));
            }
        }
        world.after(5, this::look);
    }

    /** A script ran: no instance has more slots taken than before, but within its cap. */
    void executed(String script, List<String> args, Response answer) {
        List<Integer> now = redis.used(instances.stream().map(it -> it.id).toList());
        for (int at = 0; at < used.length; at++) {
            WorldInstance instance = instances.get(at);
            if (now.get(at) > used[at] && now.get(at) > instance.cap && heardAt >= redis.lostAt()) {
                world.violated(
                        "I2", script + " took slot " + now.get(at) + " of " + instance.cap + " of " + instance.id);
            }
            used[at] = now.get(at);
        }
        if (script.equals("touch") || script.equals("adopt")) {
            world.note("table: %s %s by %s: %s", script, args.subList(6, args.size()), args.get(5), answer.get(0));
        }
        Response result = answer.get(0);
        String word = result.size() == 0 ? "" : result.get(0).toString();
        if (word.equals("late")) {
            return;
        }
        heardAt = world.now();
        if (epoch != answer.get(5).toLong()) {
            boolean knownLater = Long.parseLong(args.get(5).split("\\|", -1)[1]) > epoch;
            if (epochSince > redis.lostAt() && !knownLater) {
                world.violated("epoch", script + " began the table anew, and nothing was lost");
            }
            epoch = answer.get(5).toLong();
            epochSince = world.now();
            closedUntil = world.now() + WorldPlan.TIMES.hold();
        }
        for (Response news : answer.get(2)) {
            if (news.get(0).toString().equals("ended")) {
                WorldStory story = story(news.get(1).toString());
                Over over = new Over(news.get(3).toString(), news.get(7).toLong());
                story.over.put(news.get(2).toLong(), over);
                world.note(
                        "table: %s %s %d until %d",
                        over.why(), story.name, news.get(2).toLong(), over.until());
                if (over.why().equals("EXPIRED") && !mayExpire(story, over)) {
                    world.violated("I6", story.name + " expired, last used at " + story.lastUse);
                }
            }
        }
        if (Set.of("fresh", "kept", "bound").contains(word)) {
            placed(result, args.get(5).split("\\|", -1)[0]);
        } else if (word.equals("full")) {
            full(script, args);
        }
    }

    private void placed(Response told, String node) {
        Instance home = Words.instance("", told.get(2).toString(), told.get(3).toString());
        WorldStory story = story(told.get(1).toString());
        if (story.born == 0) {
            story.knownSince = world.now();
        }
        story.born = told.get(6).toLong();
        story.placed.add(home(home));
        if (!told.get(0).toString().equals("kept")) {
            story.openers.put(told.get(5).toLong(), node);
        }
        story.lastAsked = world.now();
    }

    /** Nobody is sent away while there is room. */
    private void full(String script, List<String> args) {
        if (!weather.settled()) {
            return;
        }
        String excluded = args.get(script.equals("open") ? 11 : script.equals("reserve") ? 8 : 12);
        Set<String> tried = Set.of(excluded.split("\\|"));
        for (int at = 0; at < used.length; at++) {
            WorldInstance instance = instances.get(at);
            if (used[at] < instance.cap && instance.isUp() && !instance.draining && !tried.contains(instance.id)) {
                world.violated(
                        "full",
                        script + " found none, and " + instance.id + " has " + used[at] + " of " + instance.cap);
            }
        }
    }

    /** An instance served a request: its own log. */
    void served(WorldNode node, Binding binding, String principal) {
        WorldStory story = story(binding.key());
        Home home = home(binding.instance());
        long life = binding.generation();
        String what = story.name + " " + life + " on " + home + " by " + node.name;
        world.note("served %s", what);
        if (story.owner == null) {
            story.owner = principal;
        } else if (!story.owner.equals(principal)) {
            world.violated("I5", what + " for another");
        }
        if (!story.homes.computeIfAbsent(life, any -> home).equals(home)) {
            world.violated("I1", what + ", and the same life elsewhere");
        }
        boolean excused = recovers(node);
        if (life < story.latest && !home.equals(story.homes.get(story.latest))) {
            boolean admittedTooSoon = story.latestSince > redis.lostAt() && story.latestSince < closedUntil;
            if (excused && !admittedTooSoon) {
                tally.excused++;
            } else {
                world.violated("I1", what + " after " + story.latest + " on " + story.homes.get(story.latest));
            }
        }
        // A later life at the same home has the slot, until its own end is heard of.
        Over over = story.over.get(home.equals(story.homes.get(story.latest)) ? Math.max(life, story.latest) : life);
        boolean leaving = over != null && over.why().equals("ENDED") && over.until() > redis.clock();
        if (!leaving && !redis.holds(home.instance(), story.name)) {
            if (excused || redis.jumpedAt() > world.now() - 2 * LONGEST_LEASE) {
                tally.excused++;
            } else {
                world.violated("I2", what + " without a slot");
            }
        }
        if (life > story.latest) {
            begins(story, life, home, what);
        }
        if (life == story.latest) {
            story.enter(node, world.now());
            story.lastUseByTable = redis.clock();
        }
    }

    private void begins(WorldStory story, long life, Home home, String what) {
        Home before = story.homes.get(story.latest);
        if (before != null && !before.equals(home)) {
            boolean idled = redis.clock() - story.lastUseByTable
                    >= rules.unusedTimeout().toMillis();
            boolean moves = wasLost(before) && (rules.onLost() == OnLost.REBIND || idled);
            boolean ended = story.over.containsKey(story.latest);
            if (!moves && !ended && !forgotten(story.latestSince)) {
                world.violated("I6", what + " in silence after " + story.latest + " on " + before);
            }
        }
        story.begin(life);
        story.latestSince = world.now();
    }

    void left(WorldNode node, Binding binding) {
        WorldStory story = story(binding.key());
        if (story.latest == binding.generation()) {
            story.leave(node, world.now());
        }
    }

    /** A client asked for the end of it. */
    void ends(SessionKey key) {
        story(key).endAsked = world.now();
    }

    /** A client was sent away. */
    void refused(WorldVisit visit, Why why) {
        WorldStory story = story(visit.key());
        boolean explained =
                switch (why) {
                    case SESSION_UNKNOWN -> forgotten(story.knownSince);
                    case SESSION_ENDED -> story.endAsked > 0;
                    case SESSION_ENDING -> story.endAsked > 0 || wasLost(story) || forgotten(story.knownSince);
                    case SESSION_EXPIRED -> story.hasExpired() || wasLost(story);
                    case SESSION_LOST -> wasLost(story) || forgotten(story.knownSince);
                    default -> true;
                };
        if (!explained) {
            world.violated(
                    why == Why.SESSION_UNKNOWN ? "I3" : "I6", why + " " + story.name + " by " + visit.node().name);
        }
    }

    /** Another principal asked: for him there is no such session. */
    void refusedStranger(WorldVisit visit, Why why) {
        if (why != Why.SESSION_UNKNOWN && why != Why.TABLE_UNAVAILABLE) {
            world.violated("I5", why + " to a stranger of " + story(visit.key()).name);
        }
    }

    private boolean mayExpire(WorldStory story, Over over) {
        long idle = (story.used ? rules.idleTimeout() : rules.unusedTimeout()).toMillis();
        double at = world.now() - redis.clock() + over.until();
        boolean untold = at - story.lastUse < TOLD_BY;
        boolean idled = at - story.lastAsked >= rules.unusedTimeout().toMillis()
                && (untold || (at - story.lastUse >= idle && !story.isUnderWay()));
        boolean old = redis.clock() - story.born >= rules.maxLifetime().toMillis();
        return idled || old || !weather.settledSince(story.lastUse);
    }

    private boolean wasLost(WorldStory story) {
        return story.placed.stream().anyMatch(this::wasLost);
    }

    private boolean wasLost(Home home) {
        return givenUp.contains(home)
                || instances.stream().anyMatch(it -> it.id.equals(home.instance()) && it.hasDied(home.incarnation()));
    }

    /** Whether the table lost something since then. */
    private boolean forgotten(double since) {
        return redis.lostAt() >= since - 300;
    }

    /** Whether the table is being put together again after a loss, or this node had no chance to take part in that. */
    private boolean recovers(WorldNode node) {
        return heardAt < redis.lostAt() || redis.closedUntil() > redis.clock() || !node.hasToldAll(epoch);
    }

    private static Home home(Instance instance) {
        return new Home(instance.id(), instance.incarnation());
    }
}
