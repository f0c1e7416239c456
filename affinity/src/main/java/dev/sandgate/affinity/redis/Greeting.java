package dev.sandgate.affinity.redis;

/**
 * What a server says of itself when a connection is made.
 *
 * @param run its name for this run of itself: another one may have lost what was written last
 * @param replicas whether it has any, so that one of them may take its place
 * @param eviction its {@code maxmemory-policy}
 * @param version of Redis
 */
record Greeting(String run, boolean replicas, String eviction, String version) {}
