package dev.sandgate.affinity;

import java.time.Duration;

/**
 * How a session has been used, at one moment.
 *
 * @param age since it was opened; a move to another instance does not begin it anew
 * @param idle since its last use; zero while a request is under way
 * @param left until it ends by itself if nobody uses it any more; with a request under way, if that ended now
 * @param underWay requests of it on this node now
 */
public record Usage(Duration age, Duration idle, Duration left, int underWay) {}
