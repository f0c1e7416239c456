package dev.sandgate.proxy.kit;

import dev.sandgate.affinity.kit.RedisProcess;
import dev.sandgate.conf.SandgateConfig;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Owns what a test opens, and after each test asserts that nothing is left under way: every door at rest, no Netty
 * leak, no blocked event loop, no unannounced log line above INFO.
 *
 * <p>As an instance field ({@code @RegisterExtension final Invariants kit = new Invariants()}) it closes all after each
 * test; as a static field it keeps what {@code @BeforeAll} opened until the class is done. Dynamic tests share one
 * factory method, so they call {@link #check()} themselves.
 */
public final class Invariants implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

    private final LogWatch log = new LogWatch();
    private final Deque<AutoCloseable> ofTheClass = new ArrayDeque<>();
    private final Deque<AutoCloseable> ofTheTest = new ArrayDeque<>();
    private final List<TestDoor> doors = new ArrayList<>();
    private boolean forTheClass;
    private boolean inTest;

    /** Where a test announces the log lines that it causes. */
    public LogWatch log() {
        return log;
    }

    /** Opens a door that is checked after each test. */
    public TestDoor open(DoorPlan plan) {
        return open(plan.config());
    }

    /** The same, with a configuration from elsewhere. */
    public TestDoor open(SandgateConfig config) {
        TestDoor door = own(TestDoor.open(config));
        doors.add(door);
        return door;
    }

    /** An instance that echoes until it is told otherwise. */
    public RecordingInstance instance() {
        return own(RecordingInstance.start());
    }

    /** Nodes that share a table, in a Redis that was started for them. */
    public Nodes nodes() {
        return new Nodes(this, own(RedisProcess.start()));
    }

    /** Closes this after the test; the last opened first. */
    public <T extends AutoCloseable> T own(T resource) {
        (inTest ? ofTheTest : ofTheClass).push(resource);
        return resource;
    }

    /** Asserts all invariants now; waits for doors to come to rest. */
    public void check() {
        doors.forEach(TestDoor::awaitRest);
        List<String> unannounced = log.takeUnannounced();
        if (!unannounced.isEmpty()) {
            throw new AssertionError("unannounced in the log: " + String.join("\n", unannounced));
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        forTheClass = true;
        log.attach();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        if (!forTheClass) {
            log.attach();
        }
        inTest = true;
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        inTest = false;
        finish(ofTheTest);
        if (!forTheClass) {
            finishLog();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        finish(ofTheClass);
        finishLog();
    }

    /** Clients hang up first, then the doors must come to rest, then all is closed and the log is judged. */
    private void finish(Deque<AutoCloseable> resources) throws Exception {
        List<Throwable> failures = new ArrayList<>();
        List<AutoCloseable> later = new ArrayList<>();
        for (AutoCloseable resource : resources) {
            if (resource instanceof TestDoor
                    || resource instanceof RecordingInstance
                    || resource instanceof RedisProcess) {
                later.add(resource);
            } else {
                attempt(resource::close, failures);
            }
        }
        attempt(this::check, failures);
        for (AutoCloseable resource : later) {
            attempt(resource::close, failures);
        }
        doors.removeIf(resources::contains);
        resources.clear();
        attempt(this::check, failures);
        if (!failures.isEmpty()) {
            AssertionError all = new AssertionError(failures.get(0).getMessage());
            failures.forEach(all::addSuppressed);
            throw all;
        }
    }

    private void finishLog() {
        provokeLeakReports();
        try {
            check();
        } finally {
            log.forgetAnnouncements();
            log.detach();
        }
    }

    /** A leak is told when the lost buffer was collected and the next one is taken. */
    private static void provokeLeakReports() {
        if (!ResourceLeakDetector.isEnabled()) {
            return;
        }
        System.gc();
        LockSupport.parkNanos(2_000_000);
        for (int i = 0; i < 8; i++) {
            ByteBufAllocator.DEFAULT.directBuffer(16).release();
        }
    }

    private static void attempt(Closing step, List<Throwable> failures) {
        try {
            step.run();
        } catch (Exception | AssertionError failure) {
            failures.add(failure);
        }
    }

    @FunctionalInterface
    private interface Closing {
        void run() throws Exception;
    }
}
