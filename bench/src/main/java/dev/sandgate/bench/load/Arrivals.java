package dev.sandgate.bench.load;

import dev.sandgate.bench.scenario.Arrival;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Random;

/**
 * When sessions of an open model come, in nanoseconds from the start of the run. The n-th comes when the integral of the
 * rate has grown to n; for Poisson it grows by exponentially distributed steps. The same seed gives the same moments.
 */
final class Arrivals {

    private static final double SECOND = 1e9;
    private static final int BISECTIONS = 50;

    private final Arrival arrival;
    private final double warmUp;
    private final double total;
    private final Random random;
    private double reached;

    Arrivals(Arrival arrival, Duration warmUp, Duration duration, long seed) {
        this.arrival = arrival;
        this.warmUp = warmUp.toNanos() / SECOND;
        this.total = this.warmUp + duration.toNanos() / SECOND;
        this.random = new Random(seed);
    }

    /** The next one; empty: the run is over before it. */
    OptionalLong next() {
        reached += arrival instanceof Arrival.Poisson ? -Math.log(1 - random.nextDouble()) : 1;
        if (expected(total) < reached) {
            return OptionalLong.empty();
        }
        double from = 0;
        double to = total;
        for (int i = 0; i < BISECTIONS; i++) {
            double middle = (from + to) / 2;
            if (expected(middle) < reached) {
                from = middle;
            } else {
                to = middle;
            }
        }
        return OptionalLong.of((long) (to * SECOND));
    }

    /** How many come, in the mean, within so many seconds. */
    private double expected(double seconds) {
        if (arrival instanceof Arrival.Constant constant) {
            return constant.perSecond() * seconds;
        } else if (arrival instanceof Arrival.Poisson poisson) {
            return poisson.perSecond() * seconds;
        } else if (arrival instanceof Arrival.Ramp ramp) {
            double measured = Math.max(0, seconds - warmUp);
            double slope = (ramp.to() - ramp.from()) / (total - warmUp);
            return ramp.from() * seconds + slope * measured * measured / 2;
        } else if (arrival instanceof Arrival.Spike spike) {
            double at = warmUp + spike.at().toNanos() / SECOND;
            double within = Math.min(Math.max(0, seconds - at), spike.lasts().toNanos() / SECOND);
            return spike.base() * seconds + (spike.peak() - spike.base()) * within;
        }
        return 0;
    }
}
