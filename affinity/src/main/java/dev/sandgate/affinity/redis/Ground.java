package dev.sandgate.affinity.redis;

/**
 * What all pools of a node's table share.
 *
 * @param node this node's name, the same over its restarts if possible
 * @param prefix of every key
 * @param remember sessions that a node remembers in each pool
 */
record Ground(String node, String prefix, int remember, Times times, Clocks clocks) {}
