package dev.sandgate.bench.scenario;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A load test, whole.
 *
 * @param seed of all that is random: kinds of sessions, Poisson arrivals, ids
 * @param doors where requests go, in turn; http only
 * @param warmUp as what follows, but neither measured nor judged as slow; zero: none. What it breaks counts
 * @param duration what is measured
 * @param most how many sessions come in all; once all are over, the run is over before its time; 0: no bound
 * @param perInstance more sessions than this at a time in one sandbox's log are a fault of the door; 0: not judged
 * @param connections the most at a time to each door, streams and WebSockets aside
 * @param timeout an answer's head later than this counts as none
 * @param sandboxes what the bench starts as instances
 * @param files written into the run's folder before anything starts, by name
 * @param assertions what must hold of the result
 */
public record Scenario(
        String name,
        long seed,
        List<URI> doors,
        Duration warmUp,
        Duration duration,
        long most,
        Arrival arrival,
        List<Sessions> sessions,
        int perInstance,
        int connections,
        Duration timeout,
        Sandboxes sandboxes,
        List<Program> programs,
        Map<String, String> files,
        List<Fault> faults,
        List<String> assertions) {

    /**
     * Demo sandboxes, named {@code s1} to {@code sN}, that listen on {@code ${port:s1}} to {@code ${port:sN}}.
     *
     * @param count 0: none
     * @param oneProcess true: all in one process, {@code sandboxes}, for many; false: each in its own, which a fault may
     *     kill by itself
     */
    public record Sandboxes(int count, boolean oneProcess) {}
}
