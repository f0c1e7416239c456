package dev.sandgate.proxy.adversarial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.PoolPlan;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RawHttp2Client;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.SeenRequest;
import dev.sandgate.proxy.kit.TestDoor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Hostile HTTP/1.1 requests through a real door. After its own bytes each case sends a plain probe on the same
 * connection: its answer, or the door's hang-up, shows that nothing else is on its way.
 */
final class RequestCorpusTest {

    @RegisterExtension
    static final Invariants KIT = new Invariants();

    private static final ResultTable TABLE = new ResultTable("1 Requests");
    private static final Map<String, RecordingInstance> INSTANCES = new LinkedHashMap<>();
    private static TestDoor door;
    private static TestDoor sessionDoor;

    @BeforeAll
    static void open() {
        for (String pool : List.of("main", "pub", "admin")) {
            INSTANCES.put(pool, KIT.instance());
        }
        DoorPlan plan = DoorPlan.to(instance("main"))
                .pool(PoolPlan.of("pub", instance("pub")))
                .pool(PoolPlan.of("admin", instance("admin")))
                .route("/pub", "pub")
                .route("/admin", "admin")
                .waits(Duration.ofSeconds(1), Duration.ofSeconds(2));
        door = KIT.open(plan);
        sessionDoor = KIT.open(DoorPlan.to(instance("main"))
                .main(pool -> pool.perInstance(1_000))
                .affinity(new AffinityConfig.Header("Mcp-Session-Id", true))
                .waits(Duration.ofSeconds(1), Duration.ofSeconds(2)));
    }

    @AfterAll
    static void write() throws IOException {
        TABLE.write();
    }

    @TestFactory
    Stream<DynamicTest> requests() {
        return dynamic("requests.json");
    }

    @TestFactory
    Stream<DynamicTest> moreRequests() {
        return dynamic("more-requests.json");
    }

    private static Stream<DynamicTest> dynamic(String file) {
        return Corpus.load(file).stream().map(RequestCase::of).map(each -> Corpus.test(each.name(), () -> check(each)));
    }

    private static void check(RequestCase each) {
        Run run = play(each);
        TABLE.add(each.name(), each.expect().name().toLowerCase(Locale.ROOT), run.clientSaw(), run.instanceSaw());
        assertThat(run.malformed()).as("what the instance cannot read").isEmpty();
        RequestMusts.nothingSmuggled(run);
        switch (each.expect()) {
            case REJECT -> rejected(each, run);
            case FORWARD -> forwarded(each, run);
            case EITHER -> eitherWay(each, run);
        }
        each.must().forEach(must -> RequestMusts.check(must, run));
    }

    private static Run play(RequestCase each) {
        TestDoor used = each.category().equals("affinity") ? sessionDoor : door;
        INSTANCES.values().forEach(RecordingInstance::forget);
        int logged = used.accessLog().size();
        List<Answer> answers = new ArrayList<>();
        boolean hungUp;
        try (RawClient client = used.connect().patience(Duration.ofSeconds(4))) {
            client.offer(each.raw());
            if (each.halfClose()) {
                client.halfClose();
            }
            hungUp = hear(client, each, answers);
        }
        KIT.check();
        boolean passed = answers.stream().anyMatch(answer -> answer.status() == 200);
        if (passed && each.must().stream().anyMatch(must -> must.contains("access-log"))) {
            Await.until(() -> used.accessLog().size() > logged, () -> "no line in the access log");
        }
        INSTANCES.values().forEach(RecordingInstance::awaitQuiet);
        Map<String, Run.Seen> seen = new LinkedHashMap<>();
        INSTANCES.forEach((pool, instance) -> seen.put(pool, Run.Seen.of(instance)));
        List<String> lines = used.accessLog();
        return new Run(answers, hungUp, seen, lines.subList(logged, lines.size()));
    }

    /** Gathers the case's answers, then those up to the probe's; true where the door hung up instead. */
    private static boolean hear(RawClient client, RequestCase each, List<Answer> answers) {
        while (answers.size() < each.answers()) {
            Optional<Answer> answer = client.answer(each.firstMethod());
            if (answer.isEmpty()) {
                return true;
            }
            answers.add(answer.get());
            if (answer.get().status() == 101) {
                return !answeredOverHttp2(client);
            }
        }
        if (!client.offer("GET " + Run.PROBE + " HTTP/1.1\r\nHost: a.test\r\n\r\n")) {
            return true;
        }
        while (true) {
            Optional<Answer> answer = client.answer("GET");
            if (answer.isEmpty()) {
                return true;
            }
            if (answer.get().body().equals("GET " + Run.PROBE)) {
                return false;
            }
            answers.add(answer.get());
        }
    }

    /** After an upgrade the answer comes as frames; waits for its head, a reset or GOAWAY, or the door's hang-up. */
    private static boolean answeredOverHttp2(RawClient client) {
        client.offer("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0");
        try {
            while (true) {
                String head = client.bytes(9);
                client.bytes((head.charAt(0) << 16) + (head.charAt(1) << 8) + head.charAt(2));
                if (List.of(RawHttp2Client.HEADERS, RawHttp2Client.RST_STREAM, RawHttp2Client.GOAWAY)
                        .contains((int) head.charAt(3))) {
                    return true;
                }
            }
        } catch (UncheckedIOException hungUp) {
            return false;
        }
    }

    private static void rejected(RequestCase each, Run run) {
        assertThat(run.requests()).as("whole requests at an instance").isEmpty();
        for (Answer answer : run.answers()) {
            assertThat(answer.status()).isBetween(400, 599);
            if (!each.statuses().isEmpty()) {
                assertThat(answer.status()).isIn(each.statuses());
            }
        }
        if (!run.hungUp()) {
            assertThat(run.answers()).isNotEmpty().allMatch(answer -> each.mayGoOnAfter(answer.status()));
        }
    }

    private static void forwarded(RequestCase each, Run run) {
        assertThat(run.answers()).hasSize(each.answers()).allMatch(Answer::whole);
        assertThat(run.answers()).extracting(Answer::status).containsOnly(200);
        assertThat(run.requests()).hasSize(each.answers());
        if (each.firstMethod().equals("GET")) {
            assertThat(run.answers())
                    .extracting(Answer::body)
                    .isEqualTo(
                            run.requests().stream().map(SeenRequest::toString).toList());
        }
    }

    private static void eitherWay(RequestCase each, Run run) {
        assertThat(run.answers()).allMatch(Answer::whole);
        assertThat(run.requests()).hasSizeLessThanOrEqualTo(each.answers());
        List<String> told = run.answers().stream()
                .filter(answer -> answer.status() == 200)
                .map(Answer::body)
                .toList();
        assertThat(run.answers()).allMatch(answer -> answer.status() < 300 || answer.status() >= 400);
        assertThat(run.answers()).noneMatch(answer -> answer.status() == 500 || answer.status() == 502);
        if (!told.isEmpty() && !run.requests().isEmpty()) {
            assertThat(run.requests()).extracting(SeenRequest::toString).isEqualTo(told);
        }
    }

    private static RecordingInstance instance(String pool) {
        return Optional.ofNullable(INSTANCES.get(pool)).orElseThrow();
    }
}
