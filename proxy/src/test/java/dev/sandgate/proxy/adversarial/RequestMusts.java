package dev.sandgate.proxy.adversarial;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Answer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** What each {@code must} of the corpora means. A text that is not listed fails its case. */
final class RequestMusts {

    private static final List<String> NEVER_FROM_TRAILERS =
            List.of("Mcp-Session-Id", "X-Session-Id", "Authorization", "Cookie");

    private static final Map<String, Consumer<Run>> EXACT = Map.ofEntries(
            entry(
                    "upstream Transfer-Encoding is exactly 'chunked' if forwarded",
                    run -> assertThat(run.upstream("Transfer-Encoding")).allMatch("chunked"::equals)),
            entry("upstream must not receive the underscore field", run -> assertThat(run.heads())
                    .allSatisfy(head -> assertThat(head.fields().list())
                            .noneMatch(field -> field.name().contains("_")))),
            entry("at most one Content-Length line upstream, value 5", run -> assertThat(run.upstream("Content-Length"))
                    .allMatch("5"::equals)
                    .hasSizeLessThanOrEqualTo(1)),
            entry("upstream never sees a complete request", run -> assertThat(run.requests())
                    .isEmpty()),
            entry("no chunk extension upstream", run -> assertThat(run.malformed())
                    .isEmpty()),
            entry("not merged into headers", RequestMusts::trailersStayApart),
            entry("upstream never sees /smuggled", RequestMusts::nothingSmuggled),
            entry("upstream never sees /smuggled as a request", RequestMusts::nothingSmuggled),
            entry("upstream method is not GET", run -> assertThat(run.heads())
                    .noneMatch(head -> head.method().equals("GET"))),
            entry("X-Forwarded-Proto is not https", run -> assertThat(run.upstream("X-Forwarded-Proto"))
                    .doesNotContain("https")),
            entry("no connection to the named host", RequestMusts::answeredHere),
            entry("not routed to the instance named in the cookie by that cookie", RequestMusts::answeredHere),
            entry("route decision and forwarded path agree", RequestMusts::pathsAgree),
            entry("no injected header upstream", run -> assertThat(run.upstream("X-Injected"))
                    .isEmpty()),
            entry("X-Secret-Hop, Keep-Alive, Proxy-Connection not upstream", run -> assertThat(
                            List.of("X-Secret-Hop", "Keep-Alive", "Proxy-Connection"))
                    .allSatisfy(name -> assertThat(run.upstream(name)).isEmpty())),
            entry("no Upgrade upstream", run -> assertThat(run.upstream("Upgrade"))
                    .isEmpty()),
            entry("not forwarded", run -> assertThat(run.heads()).isEmpty()),
            entry(
                    "upstream X-Forwarded-For ends with the peer address; X-Forwarded-Proto is http",
                    RequestMusts::forwardedByPeer),
            entry("each access-log line parses as JSON", run -> assertThat(run.accessLog())
                    .allSatisfy(
                            line -> assertThat(new JsonObject(line).isEmpty()).isFalse())),
            entry("upstream TE is at most 'trailers'", run -> assertThat(run.upstream("TE"))
                    .allMatch("trailers"::equals)),
            entry("no interim answer", run -> assertThat(run.answers())
                    .allSatisfy(answer -> assertThat(answer.interim()).isEmpty())),
            entry("upstream Via keeps what came and adds one", run -> assertThat(String.join(", ", run.upstream("Via")))
                    .matches("1\\.0 fred, ?1\\.1 .+")));

    private static final Map<String, BiConsumer<Run, String>> BY_PREFIX = Map.of(
            "upstream target is ",
                    (run, target) -> assertThat(run.heads())
                            .allSatisfy(head -> assertThat(head.target()).isEqualTo(target)),
            "upstream Host is ", (run, host) -> assertThat(run.upstream("Host")).allMatch(host::equals),
            "upstream never sees host ",
                    (run, host) -> assertThat(run.upstream("Host")).doesNotContain(host),
            "upstream never sees method ",
                    (run, method) -> assertThat(run.heads())
                            .noneMatch(head -> head.method().equals(method)),
            "upstream Max-Forwards is ",
                    (run, value) -> assertThat(run.upstream("Max-Forwards")).allMatch(value::equals),
            "upstream body is framed, ", RequestMusts::bodyLength,
            "upstream body is exactly ",
                    (run, body) -> assertThat(run.requests())
                            .allSatisfy(request -> assertThat(request.body()).isEqualTo(body)));

    private RequestMusts() {}

    static void check(String must, Run run) {
        Consumer<Run> exact = EXACT.get(must);
        if (exact != null) {
            exact.accept(run);
            return;
        }
        var byPrefix = BY_PREFIX.entrySet().stream()
                .filter(rule -> must.startsWith(rule.getKey()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nobody knows what this means: " + must));
        byPrefix.getValue().accept(run, must.substring(byPrefix.getKey().length()));
    }

    static void nothingSmuggled(Run run) {
        assertThat(run.heads()).noneMatch(head -> head.target().contains("/smuggled"));
    }

    private static void trailersStayApart(Run run) {
        assertThat(NEVER_FROM_TRAILERS)
                .allSatisfy(name -> assertThat(run.upstream(name)).isEmpty());
        assertThat(run.upstream("Host")).allMatch("a.test"::equals);
        assertThat(run.upstream("Content-Length")).doesNotContain("1", "99");
        assertThat(run.upstream("Transfer-Encoding")).allMatch("chunked"::equals);
    }

    /** An answer of the instance, or a refusal: no sign of a connection made elsewhere. */
    private static void answeredHere(Run run) {
        assertThat(run.answers())
                .extracting(Answer::status)
                .allMatch(status -> status == 200 || (status >= 400 && status < 500));
    }

    private static void pathsAgree(Run run) {
        run.seen().forEach((pool, seen) -> assertThat(seen.heads())
                .allSatisfy(head -> assertThat(SoundPath.owner(head.target()))
                        .as(head.target())
                        .isEqualTo(pool)));
    }

    private static void forwardedByPeer(Run run) {
        assertThat(run.upstream("X-Forwarded-For"))
                .isNotEmpty()
                .last()
                .asString()
                .endsWith("127.0.0.1");
        assertThat(run.upstream("X-Forwarded-Proto")).containsOnly("http");
    }

    private static void bodyLength(Run run, String bytes) {
        int expected = Integer.parseInt(bytes.replace(" bytes", ""));
        assertThat(run.requests())
                .allSatisfy(request -> assertThat(request.body()).hasSize(expected));
    }
}
