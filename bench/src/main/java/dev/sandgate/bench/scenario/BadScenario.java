package dev.sandgate.bench.scenario;

import java.util.List;

/** A scenario that makes no sense; each problem says where it is and what was expected. */
public final class BadScenario extends Exception {

    private static final long serialVersionUID = 1L;

    /** With one line for each problem. */
    public BadScenario(List<String> problems) {
        super(String.join("\n", problems));
    }
}
