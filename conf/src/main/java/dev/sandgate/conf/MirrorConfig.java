package dev.sandgate.conf;

/**
 * A share of a route's requests goes to another pool too, as copies that nobody waits for.
 *
 * @param pool of instances whose answers are thrown away
 * @param percent of requests, more than 0, at most 100, two decimals
 */
public record MirrorConfig(String pool, double percent) {}
