package dev.sandgate.bench.scenario;

import java.time.Duration;

/** When sessions come. All but {@link Closed} are open models: nobody waits for the door before he comes. */
public sealed interface Arrival {

    /** Evenly spaced, this many a second; above 0. */
    record Constant(double perSecond) implements Arrival {}

    /** At random, independent of each other, this many a second in the mean; above 0. */
    record Poisson(double perSecond) implements Arrival {}

    /** The rate grows or falls evenly from one to the other over the whole run; 0 or more, not both 0. */
    record Ramp(double from, double to) implements Arrival {}

    /**
     * A rate, and another one for a while.
     *
     * @param at from the start of what is measured
     */
    record Spike(double base, double peak, Duration at, Duration lasts) implements Arrival {}

    /** This many at a time, each followed by another one when it is over: the door's slowness holds back the load. */
    record Closed(int sessions) implements Arrival {}
}
