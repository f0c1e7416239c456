package dev.sandgate.bench.load;

import dev.sandgate.bench.truth.Verdicts;
import java.util.function.LongConsumer;

/** What a session's course needs of the run that it is part of. All moments are nanoseconds from the run's start. */
interface Run {

    long now();

    /** When nothing more is due. */
    long end();

    /** How long an answer is waited for. */
    long patience();

    /** Does something at a moment, at once where it is over; is given how late that is. */
    void at(long moment, LongConsumer deed);

    Tape tape();

    Stalls stalls();

    Verdicts verdicts();

    /** A course is over. */
    void finished(Course course);
}
