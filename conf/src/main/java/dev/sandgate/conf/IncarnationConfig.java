package dev.sandgate.conf;

import java.util.Optional;

/**
 * Where an instance tells which life of it this is. One of {@code header} and {@code pointer} is there.
 *
 * @param path whose GET is answered with it
 * @param header the field of the answer that holds it
 * @param pointer where it stands in the answer's JSON body (RFC 6901)
 */
public record IncarnationConfig(String path, Optional<String> header, Optional<String> pointer) {}
