package dev.sandgate.proxy.adversarial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Hostile answers of an instance: what their client sees, and that the next request of the session is not poisoned. */
final class ResponseCorpusTest {

    @RegisterExtension
    static final Invariants KIT = new Invariants();

    private static final ResultTable TABLE = new ResultTable("3 Answers");

    private static final Map<String, Consumer<Answer>> MUSTS = Map.of(
            "X-Hop, Keep-Alive not relayed",
                    answer -> assertThat(List.of("X-Hop", "Keep-Alive", "Proxy-Authenticate"))
                            .noneMatch(answer.fields()::has),
            "Set-Cookie lines stay apart",
                    answer -> assertThat(answer.fields().all("Set-Cookie")).containsExactly("a=1", "b=2"),
            "trailers stay apart",
                    answer -> assertThat(answer.fields().has("X-Late")).isFalse());

    private static RecordingInstance instance;
    private static TestDoor door;

    @BeforeAll
    static void open() {
        instance = KIT.instance();
        door = KIT.open(DoorPlan.to(instance)
                .main(pool ->
                        pool.perInstance(1_000).firstByte(Duration.ofSeconds(1)).idle(Duration.ofSeconds(1))));
    }

    @AfterAll
    static void write() throws IOException {
        TABLE.write();
    }

    @TestFactory
    Stream<DynamicTest> answers() {
        return Stream.of("responses.json", "more-responses.json")
                .flatMap(file -> Corpus.load(file).stream())
                .map(ResponseCase::of)
                .map(each -> Corpus.test(each.name(), () -> check(each)));
    }

    private static void check(ResponseCase each) {
        instance.forget();
        instance.answering((request, line) -> {
            boolean hostile = request.target().equals("/hostile");
            (hostile ? each.script() : Script.echo()).play(request, line);
        });
        String session = "X-Session-Id: answers-" + each.name() + "\r\n";
        try (RawClient client = door.connect()) {
            client.send(each.method() + " /hostile HTTP/1.1\r\nHost: a.test\r\n" + session + "\r\n");
            Optional<Answer> answer = client.answer(each.method());
            TABLE.add(each.name(), name(each), answer.map(Answer::toString).orElse("hang-up"), each.then());
            judge(each, answer);
            answer.ifPresent(told -> each.must().forEach(must -> must(must).accept(told)));
            nothingElseComes(client, session);
            if (each.expect() != ResponseCase.Expect.EITHER) {
                assertThat(client.heard()).doesNotContain("POISON");
            }
        }
        try (RawClient next = door.connect()) {
            Answer own = next.get("/after", session).answer();
            assertThat(own.status()).isEqualTo(200);
            assertThat(own.body()).isEqualTo("GET /after");
        }
        assertThat(instance.malformed()).isEmpty();
        KIT.check();
    }

    private static void judge(ResponseCase each, Optional<Answer> answer) {
        switch (each.expect()) {
            case BAD_GATEWAY -> {
                assertThat(answer).isPresent();
                assertThat(answer.orElseThrow().status()).isEqualTo(each.then().equals("stall") ? 504 : 502);
            }
            case ABORT ->
                assertThat(answer.filter(told -> told.whole() && told.status() != 502))
                        .isEmpty();
            case FORWARD -> {
                assertThat(answer)
                        .hasValueSatisfying(told -> assertThat(told.whole()).isTrue());
                assertThat(answer.orElseThrow().status()).isEqualTo(each.finalStatus());
            }
            case EITHER ->
                assertThat(answer.filter(Answer::whole).filter(told -> told.status() == 500))
                        .isEmpty();
        }
    }

    /** On the same connection the next answer is the next request's, or the door hangs up. */
    private static void nothingElseComes(RawClient client, String session) {
        if (client.offer("GET /same-connection HTTP/1.1\r\nHost: a.test\r\n" + session + "\r\n")) {
            client.answer("GET").ifPresent(next -> assertThat(next.body()).isEqualTo("GET /same-connection"));
        }
    }

    private static Consumer<Answer> must(String text) {
        return Optional.ofNullable(MUSTS.get(text))
                .orElseThrow(() -> new AssertionError("nobody knows what this means: " + text));
    }

    private static String name(ResponseCase each) {
        return each.expect().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
