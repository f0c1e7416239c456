package dev.sandgate.proxy.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sandgate.proxy.kit.Await;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

final class ChildrenTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String DEAF = "trap '' TERM; exec sleep 600";

    private final Vertx vertx = Vertx.vertx();
    private final Path folder;
    private final Children children;
    private final List<Child> started = new ArrayList<>();

    ChildrenTest(@TempDir Path temporary) {
        this.folder = temporary.resolve("state");
        this.children = new Children(vertx, folder, LONG);
    }

    @BeforeEach
    void open() {
        Await.finished(children.open());
    }

    @AfterEach
    void close() {
        started.forEach(child -> ProcessHandle.of(child.pid()).ifPresent(ProcessHandle::destroyForcibly));
        Await.finished(children.close());
        Await.finished(vertx.close());
    }

    private Future<Child> shell(String script) {
        return children.freePort()
                .compose(port ->
                        children.start(new Launch("main-1", "sh", List.of("-c", script), Map.of(), Path.of("/"), port)))
                .onSuccess(started::add);
    }

    @Test
    void givesEachChildAPortOfItsOwnThoughItDoesNotListenYet() {
        Set<Integer> ports = new HashSet<>();
        for (int draw = 0; draw < 2000; draw++) {
            assertThat(ports.add(Await.finished(children.freePort())))
                    .as("draw %d", draw)
                    .isTrue();
        }
    }

    @Test
    void startsOthersWhileManyTakeTheirTimeToEnd() {
        List<Child> deaf = new ArrayList<>();
        for (int child = 0; child < 20; child++) {
            deaf.add(Await.finished(shell(DEAF)));
        }
        deaf.forEach(child -> children.end(child, LONG));
        assertThat(Await.finished(shell("exec sleep 600")).pid()).isPositive();
    }

    @Test
    void endsWhatAChildLeftBehindWithoutItsMark() {
        String word = "600." + Math.abs(UUID.randomUUID().getMostSignificantBits() % 1_000_000_000);
        Child child = Await.finished(shell("env -i sleep " + word + " & exec sleep 600"));
        Await.until(() -> sleeping(word), () -> "it did not start");
        ProcessHandle.of(child.pid()).orElseThrow().destroyForcibly();
        Await.until(
                () -> ProcessHandle.of(child.pid())
                        .filter(ProcessHandle::isAlive)
                        .isEmpty(),
                () -> "it lives on");
        Await.finished(children.end(child, Duration.ZERO));
        assertThat(sleeping(word)).isFalse();
    }

    private static boolean sleeping(String word) {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.anyMatch(process ->
                    List.of(process.info().arguments().orElse(new String[0])).equals(List.of(word)));
        }
    }

    @Test
    void tellsWhyAChildCannotBeWrittenDown() throws IOException {
        Files.delete(folder.resolve("children"));
        Throwable told = catchThrowable(() -> Await.finished(shell("exec sleep 600")));
        assertThat(told).hasMessageContaining("main-1 cannot be written down in " + folder + ": it is not there");
    }

    @Test
    void tellsWhyAStateFolderCannotBeMade() {
        Children nowhere = new Children(vertx, Path.of("/proc/none"), LONG);
        assertThat(catchThrowable(() -> Await.finished(nowhere.open())))
                .hasMessageContaining("the state folder /proc/none cannot be used: ")
                .hasMessageContaining("it is not there");
    }

    @Test
    void leavesOutWhatSteersATerminalInEightBitsToo() {
        var log = (ch.qos.logback.classic.Logger) LoggerFactory.getLogger("instance");
        ListAppender<ILoggingEvent> heard = new ListAppender<>();
        heard.list = new CopyOnWriteArrayList<>();
        heard.start();
        log.addAppender(heard);
        try {
            Await.finished(shell("printf 'a \\302\\23331m b\\n'"));
            Await.until(() -> !heard.list.isEmpty(), () -> "nothing was said");
        } finally {
            log.detachAppender(heard);
        }
        assertThat(heard.list.get(0).getFormattedMessage()).isEqualTo("main-1: a ?31m b");
    }
}
