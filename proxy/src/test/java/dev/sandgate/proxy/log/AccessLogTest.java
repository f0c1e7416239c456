package dev.sandgate.proxy.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Await;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The writer behind the event loops: in order, off their thread, and never in their way. */
final class AccessLogTest {

    private final List<String> written = new CopyOnWriteArrayList<>();

    private void write(byte[] bytes, int length) {
        written.add(new String(bytes, 0, length, StandardCharsets.UTF_8));
    }

    private static Page line(AccessLog log, int number) {
        Page page = log.page();
        page.begin().number("n", number).end();
        return page;
    }

    @Test
    void writesEveryPageInOrderAndTheRestWhenItIsClosed() {
        AccessLog log = new AccessLog(this::write);
        for (int page = 0; page < 20; page++) {
            log.hand(line(log, page));
        }
        log.close();

        assertThat(written).hasSize(20).first().isEqualTo("{\"n\":0}\n");
        assertThat(written).last().isEqualTo("{\"n\":19}\n");
        assertThat(log.dropped()).isZero();
    }

    @Test
    void aSlowSinkCostsLinesThatAreCountedAndNeverTheHander() {
        CountDownLatch open = new CountDownLatch(1);
        AccessLog log = new AccessLog((bytes, length) -> {
            try {
                open.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            write(bytes, length);
        });
        for (int page = 0; page < 200; page++) {
            log.hand(line(log, page));
        }

        assertThat(log.dropped()).isBetween(100L, 199L);
        open.countDown();
        Await.until(() -> written.size() + log.dropped() == 200, () -> written.size() + " written");
        log.hand(line(log, 200));
        log.close();
        assertThat(written).last().isEqualTo("{\"n\":200}\n");
    }

    @Test
    void pagesAreUsedAgainAndComeBackEmpty() {
        AccessLog log = new AccessLog(this::write);
        Page first = line(log, 1);
        log.hand(first);
        Await.until(() -> written.size() == 1, () -> "not written");
        Await.until(
                () -> {
                    Page next = log.page();
                    boolean same = next == first;
                    assertThat(next.isEmpty()).isTrue();
                    log.hand(line(log, 2));
                    return same;
                },
                () -> "the first page never comes back");
        log.close();
    }
}
