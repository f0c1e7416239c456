package dev.sandgate.affinity.redis;

import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.RequestImpl;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A real Redis that lives in the world's time: it does one thing at a time, when that arrives, and its clock is the
 * world's. It may stall, forget all, or come back as another with what it knew some time ago.
 */
final class WorldRedis {

    /** Its clock when the world begins, in ms. */
    private static final long BEGIN = 1_800_000_000_000L;

    private static final String PREFIX = "sg:{python}:";

    /** What is told of an instance while nodes cannot reach it, as fast as everything else here. */
    static final String COOLING = "FIRST_COOLING, LONGEST_COOLING = 1000, 30000";

    /** What it knew at some moment. */
    record Picture(double takenAt, Map<String, String> dumps) {}

    /** Members of the slots of one instance, with their deadlines in ms. */
    record Slots(Map<String, Long> sessions, Map<String, Long> reservations) {

        int used() {
            return sessions.size() + reservations.size();
        }
    }

    private final World world;
    private final WorldWire wire;
    private final WorldMutant mutant;
    private final Map<Script, Script> edited = new HashMap<>();
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private @Nullable WorldJudge judge;
    private int runs = 1;
    private long step;
    private boolean stalled;
    /** When the last loss began, and until when nobody is admitted for it; in the world's time. */
    private double jumpedAt = Double.NEGATIVE_INFINITY;

    private double lostAt = Double.NEGATIVE_INFINITY;

    WorldRedis(World world, WorldWire wire, WorldMutant mutant) {
        this.world = world;
        this.wire = wire;
        this.mutant = mutant;
        wire.ask("FLUSHALL");
    }

    void judgedBy(WorldJudge by) {
        judge = by;
    }

    /** Its name for this run of itself. */
    String run() {
        return "run" + runs;
    }

    /** What its clock says, in ms. */
    long clock() {
        return BEGIN + step + (long) world.now();
    }

    double lostAt() {
        return lostAt;
    }

    /** Something arrived: it is done now, or when it goes on. */
    void arrive(Runnable work) {
        if (stalled) {
            waiting.add(work);
        } else {
            work.run();
        }
    }

    void stall() {
        stalled = true;
    }

    void goOn() {
        stalled = false;
        while (!waiting.isEmpty()) {
            waiting.remove().run();
        }
    }

    void stepClock(long millis) {
        step += millis;
        jumpedAt = millis > 0 ? world.now() : jumpedAt;
    }

    /** When its clock was put forward last. */
    double jumpedAt() {
        return jumpedAt;
    }

    void forgetScripts() {
        wire.ask("SCRIPT", "FLUSH");
    }

    /** All is gone, and it goes on as if nothing had happened. */
    void flush() {
        wire.ask("FLUSHALL");
        lostAt = world.now();
    }

    /** It begins anew, with nothing. */
    void restartEmpty() {
        flush();
        runs++;
    }

    /** Another takes its place, which knows what was known then. */
    void failOver(Picture known) {
        restartEmpty();
        known.dumps().forEach((key, dump) -> wire.ask("RESTORE", key, "0", dump));
    }

    Picture picture() {
        Map<String, String> dumps = new LinkedHashMap<>();
        for (Response key : wire.ask("KEYS", "*")) {
            dumps.put(key.toString(), wire.ask("DUMP", key.toString()).text());
        }
        return new Picture(world.now(), dumps);
    }

    Response read(Request command) {
        return wire.exchange(((RequestImpl) command).encode().getBytes(), 1).get(0);
    }

    /** Runs a script now; then the judge sees what it did. */
    Response run(Script asked, List<String> keys, List<String> args) {
        Script script = edited.computeIfAbsent(asked, this::edit);
        List<String> words = new ArrayList<>(args);
        words.set(1, "" + clock());
        WorldReply answer = wire.ask(command("EVALSHA", script.sha1(), keys, words));
        if (answer.isError() && answer.text().startsWith("NOSCRIPT")) {
            answer = wire.ask(command("EVAL", script.text(), keys, words));
        }
        if (answer.isError()) {
            throw TableFault.of(answer.text());
        }
        if (judge != null) {
            judge.executed(script.name(), words, answer);
        }
        return answer;
    }

    private Script edit(Script script) {
        String scaled = script.text().replace(COOLING, "FIRST_COOLING, LONGEST_COOLING = 50, 200");
        return mutant.edit(Script.of(script.name(), scaled));
    }

    private static String[] command(String how, String what, List<String> keys, List<String> args) {
        List<String> words = new ArrayList<>(List.of(how, what, "" + keys.size()));
        words.addAll(keys);
        words.addAll(args);
        return words.toArray(String[]::new);
    }

    /** How many slots of each of these instances are taken. */
    List<Integer> used(List<String> instances) {
        List<List<String>> commands = new ArrayList<>();
        for (String id : instances) {
            commands.add(List.of("ZCARD", PREFIX + "i:" + id));
            commands.add(List.of("ZCARD", PREFIX + "h:" + id));
        }
        List<WorldReply> counts = wire.ask(commands);
        List<Integer> used = new ArrayList<>();
        for (int at = 0; at < counts.size(); at += 2) {
            used.add(counts.get(at).toInteger() + counts.get(at + 1).toInteger());
        }
        return used;
    }

    Slots slots(String instance) {
        return new Slots(members("i:" + instance), members("h:" + instance));
    }

    /** Whether this session holds a slot of this instance. */
    boolean holds(String instance, String session) {
        return !wire.ask("ZSCORE", PREFIX + "i:" + instance, session).text().isEmpty();
    }

    /** Instances with room, as the table sees it, each with what it has in use. */
    Map<String, Long> free() {
        return members("free");
    }

    /** Until when nobody is admitted, by its clock; zero where anybody is. */
    long closedUntil() {
        WorldReply told = wire.ask("HMGET", PREFIX + "meta", "hold", "kind");
        String until = told.get(0).toString();
        return told.get(1).toString().equals("admit") && !until.isEmpty() ? Long.parseLong(until) : 0;
    }

    private Map<String, Long> members(String key) {
        WorldReply flat = wire.ask("ZRANGE", PREFIX + key, "0", "-1", "WITHSCORES");
        Map<String, Long> members = new LinkedHashMap<>();
        for (int at = 0; at < flat.size(); at += 2) {
            members.put(
                    flat.get(at).toString(),
                    Math.round(Double.parseDouble(flat.get(at + 1).toString())));
        }
        return members;
    }
}
