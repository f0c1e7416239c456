package dev.sandgate.proxy.splits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.PoolPlan;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.SeenRequest;
import dev.sandgate.proxy.kit.TestDoor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real browser stays on its side of a split: page after page, with all that a page fetches. Only where {@code
 * -Dbrowser=/usr/bin/chromium} names one; {@code -Dbrowser.profiles=20} for more than a few.
 */
final class BrowserTest {

    private static final int LEAST = Integer.getInteger("browser.profiles", 4);
    /** Until both sides were seen: more on one side is a chance of one in a million. */
    private static final int MOST = LEAST + 20;

    private static final int PAGES = 5;
    private static final Duration START = Duration.ofSeconds(30);
    private static final Map<String, String> TYPES = Map.of("css", "text/css", "js", "text/javascript", "svg", "image/svg+xml");
    private static final String PAGE = "<!doctype html><title>page</title><link rel=icon href=/icon.svg>"
            + "<link rel=stylesheet href=/style.css><img src=/picture.svg><script src=/app.js></script>";
    private static final String PICTURE = "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>";
    private static final String APP = """
            onload = async () => {
              const page = Number(new URLSearchParams(location.search).get('page') || 1);
              await Promise.all([1, 2, 3].map(n => fetch('/api/' + n, { method: 'POST', body: 'x' })));
              document.cookie = 'theme=dark-' + page;
              location.href = page < %d ? '/?page=' + (page + 1) : '/over';
            };
            """.formatted(PAGES);

    @RegisterExtension
    final Invariants kit = new Invariants();

    private final Path folder;

    BrowserTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private static String browser() {
        return System.getProperty("browser", "");
    }

    private static Script site() {
        return (request, line) -> {
            String path = request.target().replaceFirst("\\?.*", "");
            String type = TYPES.getOrDefault(path.substring(path.lastIndexOf('.') + 1), "text/html");
            String body = path.endsWith(".js") ? APP : path.endsWith(".svg") ? PICTURE : path.endsWith(".css") ? "p{}" : PAGE;
            line.send("HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nCache-Control: no-store\r\nContent-Length: "
                    + body.length() + "\r\n\r\n" + (request.method().equals("HEAD") ? "" : body));
        };
    }

    @Test
    void aBrowserStaysOnItsSideWithAllThatItsPagesFetch() throws Exception {
        assumeFalse(browser().isEmpty(), "no -Dbrowser: no browser is tried with a split");
        RecordingInstance old = kit.instance().answering(site());
        RecordingInstance canary = kit.instance().answering(site());
        TestDoor door = kit.open(DoorPlan.to(old)
                .main(pool -> pool.perInstance(100))
                .pool(PoolPlan.of("next", canary).perInstance(100))
                .split("next", 50)
                .affinity(new AffinityConfig.Cookie("sid", false, List.of())));
        Set<RecordingInstance> seen = new HashSet<>();
        int profile = 0;
        for (; profile < LEAST || (seen.size() < 2 && profile < MOST); profile++) {
            seen.add(home(door, "profile-" + profile, old, canary));
        }
        System.err.println(profile + " browsers of " + PAGES + " pages each, all requests of each on one side: "
                + old.requests().size() + " and " + canary.requests().size());
        assertThat(seen).hasSize(2);
        assertThat(door.vitals().sessions()).isEqualTo(profile);
    }

    /** The one instance that got all requests of a fresh browser. */
    private RecordingInstance home(TestDoor door, String profile, RecordingInstance old, RecordingInstance canary)
            throws IOException {
        Process process = start(door.port(), profile);
        try {
            Await.within(
                    START,
                    () -> Stream.of(old, canary)
                            .flatMap(side -> of(side, profile).stream())
                            .anyMatch(request -> request.target().equals("/over")),
                    () -> profile + " never comes to its last page: " + of(old, profile) + of(canary, profile));
        } finally {
            end(process);
        }
        Optional<RecordingInstance> other = Stream.of(old, canary)
                .filter(side -> of(side, profile).isEmpty())
                .findFirst();
        assertThat(other).as("%s: %s and %s", profile, of(old, profile), of(canary, profile)).isPresent();
        RecordingInstance home = other.get() == old ? canary : old;
        List<String> targets = of(home, profile).stream().map(SeenRequest::toString).toList();
        assertThat(targets).contains("GET /", "GET /?page=5", "GET /style.css", "GET /app.js", "GET /picture.svg", "POST /api/3");
        assertThat(targets.stream().filter("POST /api/1"::equals)).hasSize(PAGES);
        return home;
    }

    private static void end(Process process) {
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(one -> one.onExit().orTimeout(10, TimeUnit.SECONDS).join());
    }

    private static List<SeenRequest> of(RecordingInstance side, String profile) {
        return side.requests().stream()
                .filter(request -> request.fields().all("User-Agent").contains(profile))
                .toList();
    }

    private Process start(int port, String profile) throws IOException {
        Path data = Files.createDirectory(folder.resolve(profile));
        List<String> command = new ArrayList<>(List.of(
                browser(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-extensions",
                "--remote-debugging-port=0",
                "--user-agent=" + profile,
                "--user-data-dir=" + data,
                "http://127.0.0.1:" + port + "/"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("TMPDIR", folder.toString());
        return builder.start();
    }
}
