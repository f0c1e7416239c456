package dev.sandgate.affinity.redis;

import java.util.HashMap;
import java.util.Map;

/**
 * What a server tells of itself when a connection to it is made ({@code INFO}).
 *
 * @param run the id of its run: another one after each start
 * @param replicas whether it has replicas or insists on some, so that writes may be lost when one takes over
 * @param eviction the {@code maxmemory-policy}: what it does when its memory is full; empty: it does not say
 * @param version as it tells it: {@code 6.2.11}
 */
record Greeting(String run, boolean replicas, String eviction, String version) {

    private static final String MASTER = "master";

    /** Of a master that is ready; anything else is a {@link TableFault}. */
    static Greeting read(String info) {
        Map<String, String> told = new HashMap<>();
        info.lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                told.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        });
        if (!told.getOrDefault("role", "").equals(MASTER)) {
            throw new TableFault(TableFault.Reason.READ_ONLY, "it is a replica");
        }
        if (told.getOrDefault("loading", "0").equals("1")) {
            throw new TableFault(TableFault.Reason.NOT_READY, "it loads its data");
        }
        return new Greeting(
                told.getOrDefault("run_id", ""),
                !told.getOrDefault("connected_slaves", "0").equals("0") || told.containsKey("min_slaves_good_slaves"),
                told.getOrDefault("maxmemory_policy", ""),
                told.getOrDefault("redis_version", ""));
    }

    boolean evicts() {
        return !eviction.isEmpty() && !eviction.equals("noeviction");
    }
}
