package dev.sandgate.bench.sidebyside;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * What is compared, and how often.
 *
 * @param rounds 1 or more
 * @param measures scenarios without what a contender brings, in the order in which they are made
 */
record Plan(int rounds, List<Contender> contenders, Map<Measure, ObjectNode> measures) {

    /** What one scenario is made for. */
    enum Measure {
        /** Requests: their rate, their latency and their price. */
        LOAD("load"),
        /** Streams that are held open: the memory that each takes. */
        STREAMS("streams");

        private final String told;

        Measure(String told) {
            this.told = told;
        }

        /** As it stands in the plan and in names of folders. */
        String told() {
            return told;
        }
    }

    /** The same, with another number of rounds. */
    Plan withRounds(int number) {
        return new Plan(number, contenders, measures);
    }

    /** The same, with some of the contenders. */
    Plan with(List<Contender> some) {
        return new Plan(rounds, List.copyOf(some), measures);
    }
}
