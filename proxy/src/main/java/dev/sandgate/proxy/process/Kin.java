package dev.sandgate.proxy.process;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A child with everything that it started, and that in turn. Blocks; not for an event loop. */
final class Kin {

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    /** How long what was killed may take to go: it cannot refuse. */
    private static final Duration FAREWELL = Duration.ofSeconds(5);

    private final String mark;
    private final List<ProcessHandle> root;
    private final Optional<ProcessHandle> leader;

    /**
     * Those of one child.
     *
     * @param root the child itself, or nothing where only its mark is known
     * @param leader who began the system's session that they are in; empty where another process may have its id by now
     */
    Kin(String mark, List<ProcessHandle> root, Optional<ProcessHandle> leader) {
        this.mark = mark;
        this.root = root;
        this.leader = leader;
    }

    /** All who live, by descent, by mark and by session. */
    Set<ProcessHandle> living() {
        Set<ProcessHandle> all = new LinkedHashSet<>();
        for (ProcessHandle process : root) {
            if (lives(process)) {
                all.add(process);
                process.descendants().forEach(all::add);
            }
        }
        all.addAll(leader.map(first -> Mark.bearers(mark, first)).orElseGet(() -> Mark.bearers(mark)));
        all.removeIf(process -> !lives(process));
        return all;
    }

    private static boolean lives(ProcessHandle process) {
        return process.isAlive() && !Proc.isZombie(process);
    }

    /** Asks all to end, by SIGTERM. */
    void ask() {
        living().forEach(ProcessHandle::destroy);
    }

    /**
     * Waits for the end of all, then makes it.
     *
     * @param patience how long they may still take; zero: SIGKILL at once
     * @return whether nobody is left
     */
    boolean end(Duration patience) {
        if (!patience.isZero() && awaitNone(patience)) {
            return true;
        }
        long deadline = System.nanoTime() + FAREWELL.toNanos();
        Set<ProcessHandle> left = living();
        // whoever was born between two looks is found by the next one
        while (!left.isEmpty() && System.nanoTime() - deadline < 0) {
            left.forEach(ProcessHandle::destroyForcibly);
            LockSupport.parkNanos(LOOK_NANOS);
            left = living();
        }
        return left.isEmpty();
    }

    private boolean awaitNone(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() - deadline < 0) {
            if (root.stream().noneMatch(Kin::lives) && living().isEmpty()) {
                return true;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return living().isEmpty();
    }
}
