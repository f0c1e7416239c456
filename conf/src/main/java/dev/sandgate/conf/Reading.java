package dev.sandgate.conf;

import java.util.List;

/** What became of a config file: all of it, or every problem that it has. */
public sealed interface Reading {

    /**
     * The file is good.
     *
     * @param warnings what an operator should know and may leave as it is
     */
    record Loaded(SandgateConfig config, List<Problem> warnings) implements Reading {}

    /**
     * The file is refused.
     *
     * @param problems all of them, in the file's order; at least one
     */
    record Broken(List<Problem> problems) implements Reading {}
}
