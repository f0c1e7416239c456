package dev.sandgate.conf;

import java.time.Duration;

/**
 * What browsers are told of coming back by https only (RFC 6797).
 *
 * @param maxAge for how long they remember it; zero makes them forget
 * @param subdomains whether it holds for all names under the host too
 * @param preload whether browsers may ship with it
 */
public record HstsConfig(Duration maxAge, boolean subdomains, boolean preload) {}
