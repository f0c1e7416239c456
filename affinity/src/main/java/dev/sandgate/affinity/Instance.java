package dev.sandgate.affinity;

/**
 * One life of one sandbox: what a binding points to. The same address after a restart is another incarnation, hence
 * another {@code Instance}.
 *
 * @param pool the pool's name
 * @param id unique in its pool, stable over restarts, fit for logs and metrics
 * @param incarnation names this life: random, or the source's own (pod UID, process start)
 * @param host an IP literal
 * @param port 1 to 65535
 */
public record Instance(String pool, String id, String incarnation, String host, int port) {}
