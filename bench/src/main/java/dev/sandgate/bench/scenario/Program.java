package dev.sandgate.bench.scenario;

import java.util.List;
import java.util.Map;

/**
 * A process that the bench starts, watches and ends.
 *
 * @param command the program and its arguments
 * @param ready a URL that answers 2xx once it is ready, or {@code host:port} that takes connections; empty: at once
 * @param environment added to the bench's own
 * @param door whether its CPU and memory count as the door's
 */
public record Program(String name, List<String> command, String ready, Map<String, String> environment, boolean door) {}
