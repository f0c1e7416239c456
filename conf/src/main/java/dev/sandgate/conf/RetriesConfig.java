package dev.sandgate.conf;

import java.util.Set;

/**
 * Which requests are sent once more after an instance failed them: those without a body whose method is idempotent (RFC
 * 9110 section 9.2.2) and listed here. One of a session goes to its instance again, others to another one.
 *
 * @param methods of GET, HEAD, OPTIONS, PUT, DELETE; empty: none
 * @param statuses of answers that count as failed beside no answer at all; 502, 503 and 504 may be listed
 * @param attempts after the first, 1 to 5
 * @param budget percent that retries may add to the requests of a pool, 0 to 20
 */
public record RetriesConfig(Set<String> methods, Set<Integer> statuses, int attempts, int budget) {

    public static final RetriesConfig NONE = new RetriesConfig(Set.of(), Set.of(), 1, 20);
}
