package dev.sandgate.affinity.redis;

import java.util.List;

/** A rule of the protocol that is not kept: the judge must see it. */
@SuppressWarnings("ImmutableEnumChecker") // its list is
enum WorldMutant {
    /** The table as it is. */
    NONE,
    /** Rule (a): nodes serve beyond the deadline that the table acknowledged. */
    DEADLINES_ARE_IGNORED(
            new Edit(
                    "redis.call('ZSCORE', prefix .. 'i:' .. it.inst, it.sid), it.alone",
                    "text(redis.call('ZSCORE', prefix .. 'i:' .. it.inst, it.sid) + 100000), it.alone"),
            new Edit(
                    "'yes ' .. redis.call('ZSCORE', slots, sid)",
                    "'yes ' .. text(redis.call('ZSCORE', slots, sid) + 100000)")),
    /** Rule (b): an id that ended comes back anywhere at once. */
    TOMBSTONES_FORGET_THEIR_HOME(
            new Edit("if home and home.identity == over.identity and over.ends > lapse then", "if false then")),
    /** Rule (c): an instance is lost when one node cannot reach it for long. */
    ONE_NODE_IS_ENOUGH(new Edit("if not it.missedBy[name] then", "if false then")),
    /** Rule (d): whoever asks first after a loss is admitted. */
    NO_HOLD(new Edit("  hold.ends = now + policy.hold\n", "")),
    A_HIT_IS_NO_TOUCH(
            new Edit("redis.call('ZADD', prefix .. 'i:' .. it.inst, 'XX', 'GT', deadline(it, lease), it.sid)", "")),
    ONE_SLOT_TOO_MANY(
            new Edit("state(it) == 'READY' and used(it) < it.cap", "state(it) == 'READY' and used(it) <= it.cap")),
    /** Without the look before it, which alone would do. */
    A_TOUCH_CREATES(new Edit(
            "if deadline > lapse and same then\n    redis.call('ZADD', slots, 'XX', 'GT',",
            "if home then\n    redis.call('ZADD', slots, 'GT',")),
    /** The driver's: clients hear of an id that the table has not confirmed. */
    TOLD_BEFORE_KNOWN;

    private record Edit(String from, String to) {}

    private final List<Edit> edits;

    WorldMutant(Edit... edits) {
        this.edits = List.of(edits);
    }

    Script edit(Script script) {
        String text = script.text();
        for (Edit edit : edits) {
            text = text.replace(edit.from(), edit.to());
        }
        return Script.of(script.name(), text);
    }

    /** Whether it changes what it means to change. */
    boolean fits(List<Script> scripts) {
        return edits.stream().allMatch(edit -> scripts.stream()
                .anyMatch(script -> script.text().contains(edit.from())));
    }
}
