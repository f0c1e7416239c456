package dev.sandgate.proxy.nodes;

import dev.sandgate.affinity.kit.RedisProcess;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The slots that one pool's table in Redis holds at one moment of its own clock.
 *
 * @param now the moment, in ms
 * @param deadlines when each is over unless it is renewed, in ms, by who holds it: a session or a reservation
 */
record HeldSlots(long now, Map<String, Long> deadlines) {

    private static final String LOOK = """
            local time = redis.call('TIME')
            local words = { string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000)) }
            for _, key in ipairs(redis.call('KEYS', 'sg:{' .. ARGV[1] .. '}:[ih]:*')) do
              local slots = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
              for at = 1, #slots, 2 do
                words[#words + 1] = slots[at] .. ' ' .. slots[at + 1]
              end
            end
            return table.concat(words, '\\n')
            """;

    /** Looked at in one step. */
    static HeldSlots of(String pool, RedisProcess redis) {
        String[] lines = redis.tell("EVAL", LOOK, "0", pool).split("\n", -1);
        return new HeldSlots(
                Long.parseLong(lines[0]),
                Arrays.stream(lines)
                        .skip(1)
                        .map(line -> line.split(" ", -1))
                        .collect(Collectors.toMap(words -> words[0], words -> Long.parseLong(words[1]))));
    }

    int count() {
        return deadlines.size();
    }

    /** Without those of others than these. */
    HeldSlots only(HeldSlots known) {
        return new HeldSlots(
                now,
                deadlines.keySet().stream()
                        .filter(known.deadlines::containsKey)
                        .collect(Collectors.toMap(Function.identity(), deadlines::get)));
    }

    /** Fails where one of these was not over yet when they were looked at again, and was not held any more. */
    void freedBy(HeldSlots later) {
        deadlines.forEach((who, until) -> {
            if (until > later.now && !later.deadlines.containsKey(who)) {
                throw new AssertionError(who + " was free at " + later.now + ", though held until " + until);
            }
        });
    }
}
