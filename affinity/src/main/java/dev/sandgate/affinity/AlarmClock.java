package dev.sandgate.affinity;

import java.time.Duration;

/** Runs something later. A node gives one made of its event loop's timers; tests ring by hand. Any thread. */
@FunctionalInterface
public interface AlarmClock {

    /** Rings once, after at least this long, on any thread. */
    Alarm after(Duration delay, Runnable ring);

    /** One that was set. */
    @FunctionalInterface
    interface Alarm {

        /** It need not ring any more. Too late or twice does nothing. */
        void cancel();
    }
}
