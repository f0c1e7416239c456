package dev.sandgate.proxy.acme;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One order on its way. One thread, which may wait. */
final class OrderRun implements Authority.Steps {

    private static final Duration LONGEST = Duration.ofMinutes(10);

    /**
     * What all orders of a node have in common.
     *
     * @param spread how long a challenge stands before the authority may ask for it
     * @param beat no wait is longer than this before the lease is looked after
     * @param over at zero once the node closes
     */
    record Setting(Challenges challenges, Clock clock, Duration spread, Duration beat, CountDownLatch over) {}

    private final Setting setting;
    private final Lease lease;
    private final long endNanos = System.nanoTime() + LONGEST.toNanos();

    OrderRun(Setting setting, Lease lease) {
        this.setting = setting;
        this.lease = lease;
    }

    @Override
    public void show(String token, String authorization) throws Stopped, AuthorityFault {
        Waiting.on(
                setting.challenges().show(token, authorization, setting.clock().instant()));
        pause(setting.spread());
    }

    @Override
    public void hide(String token) {
        // one that stays is swept later
        setting.challenges().hide(token);
    }

    @Override
    public void pause(Duration length) throws Stopped, AuthorityFault {
        long until = System.nanoTime() + length.toNanos();
        do {
            long wait = Math.min(until - System.nanoTime(), setting.beat().toNanos());
            if (ended(wait)) {
                throw new Stopped("the node closes");
            }
            if (System.nanoTime() - endNanos > 0) {
                throw AuthorityFault.of("no end", "the order was not done within " + LONGEST.toMinutes() + " minutes");
            }
            lease.keep();
        } while (until - System.nanoTime() > 0);
    }

    private boolean ended(long waitNanos) {
        try {
            return setting.over().await(waitNanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException closing) {
            // the thread is one of ours, and still has to give back what it took
            return true;
        }
    }
}
