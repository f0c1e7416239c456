package dev.sandgate.proxy.kit;

import java.util.Optional;

/**
 * One server-sent event as it stood in the stream.
 *
 * @param name {@code message} where it names none
 * @param id empty: it has no id line
 * @param data its data lines, joined by LF; empty for one that only sets an id
 */
public record SseEvent(String name, Optional<String> id, String data) {}
