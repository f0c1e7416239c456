package dev.sandgate.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sandgate.bench.result.Assertion;
import dev.sandgate.bench.result.MadeUpRun;
import dev.sandgate.bench.result.Result;
import dev.sandgate.bench.result.Violation;
import dev.sandgate.bench.result.Violation.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

final class HtmlReportTest {

    private static final String HOSTILE = "</script><script>alert('x')</script>&<img src=x onerror=alert(1)>{{data}}";
    private static final Pattern SCRIPT = Pattern.compile("<script([^>]*)>(.*?)</script>", Pattern.DOTALL);

    @Test
    void needsNothingButItself() {
        String page = HtmlReport.of(eventful());
        String markup = SCRIPT.matcher(page).replaceAll("<script></script>");
        assertThat(markup.replaceAll("<style>.*</style>", "")).doesNotContain(" src=", "<link", "@import", "<iframe");
        assertThat(page)
                .doesNotContain("url(", "import(")
                .doesNotContainPattern("https?://[^1\"]*\\.(js|css|png|woff)");
        assertThat(page).contains("default-src 'none'");
    }

    @Test
    void fillsEachPlaceOfItsTemplate() {
        assertThat(HtmlReport.of(new MadeUpRun(1).take())).doesNotContain("{{", "}}<");
    }

    @Test
    void runsOnlyTheTwoScriptsWhoseDigestsItsPolicyNames() throws GeneralSecurityException {
        String page = HtmlReport.of(hostile());
        List<String> run = new ArrayList<>();
        for (Matcher script = SCRIPT.matcher(page); script.find(); ) {
            if (!script.group(1).contains("application/json")) {
                assertThat(script.group(1)).isEmpty();
                run.add(script.group(2));
            }
        }
        assertThat(run).hasSize(2);
        for (String script : run) {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
            assertThat(page).contains("'sha256-" + Base64.getEncoder().encodeToString(digest) + "'");
        }
    }

    @Test
    void showsNamesOfOthersAsTheTextThatTheyAre() throws IOException {
        String page = HtmlReport.of(hostile());
        assertThat(page).doesNotContain("<img", "<script>alert");
        assertThat(page).contains("&lt;/script&gt;&lt;script&gt;alert(&#39;x&#39;)");
        assertThat(data(page).at("/faults/0/what").textValue()).isEqualTo(HOSTILE);
    }

    @Test
    void saysFirstWhyARunFailed() {
        String page = HtmlReport.of(eventful());
        assertThat(text(page))
                .contains(
                        "Failed wrong-instance 3 times: another instance answered than the one that holds the session.",
                        "p99 < 1ms does not hold: 1",
                        "The load generator was the bottleneck Of itself it says: it was late by 40 ms",
                        "Closed model",
                        "wrong-instance, 3 times; proofs: GET /a was at s1, answered by s2",
                        "1 2 s kill s1 1.5 s 80 14",
                        "2 6 s start s1 nothing failed 0 0");
        assertThat(text(HtmlReport.of(new MadeUpRun(1).take().judged(Assertion.parse("misrouted = 0")))))
                .contains("Passed No promise to a session was broken. The one condition holds.", "Open model");
        assertThat(text(HtmlReport.of(new MadeUpRun(1).with(4, 0).take())))
                .contains("Failed Nothing was answered: there is nothing to judge by.");
    }

    @Test
    void showsEachConditionWithWhatWasMeasured() {
        Result run = eventful().judged(Assertion.parse("failed% < 1%, recovery <= 1.5s"));
        assertThat(text(HtmlReport.of(run))).contains("failed% < 1% 0.63", "recovery <= 1.5s 1500 ms holds");
    }

    @Test
    void drawsNoLineWhereNothingWasAnswered() throws IOException {
        JsonNode nothing = data(HtmlReport.of(new MadeUpRun(1).with(2, 0).take()));
        assertThat(series(nothing, "Response time by second", "p99"))
                .isNotEmpty()
                .allMatch(JsonNode::isNull);
        assertThat(series(nothing, "Requests", "answered")).isNotEmpty().allMatch(value -> value.asDouble() == 0);
        assertThat(data(HtmlReport.of(eventful())).at("/plots/0/x/0").asInt()).isEqualTo(-5);
    }

    @Test
    void endsTheCurveOfPercentilesAtTheSlowestRequest() throws IOException {
        Result run = new MadeUpRun(1).take();
        List<JsonNode> response = series(data(HtmlReport.of(run)), "Latency by percentile", "response");
        assertThat(response.get(response.size() - 1).asDouble())
                .isCloseTo(run.response().max(), Percentage.withPercentage(0.01));
    }

    @Test
    void drawsAsManyLinesAsCanBeToldApart() throws IOException {
        JsonNode few = data(HtmlReport.of(new MadeUpRun(1).with(3, 100).take()));
        assertThat(labels(few, "Slots in use on each instance")).containsExactly("s1", "s2", "s3");
        assertThat(labels(few, "CPU")).containsExactly("door", "s1", "s2", "s3", "load generator");
        JsonNode many = data(HtmlReport.of(new MadeUpRun(1).with(50, 100).take()));
        assertThat(labels(many, "Slots in use on 50 instances")).containsExactly("fullest", "median", "emptiest");
        assertThat(labels(many, "CPU")).containsExactly("door", "50 other programs, together", "load generator");
    }

    private static Result eventful() {
        return new MadeUpRun(1)
                .through(
                        new Result.FaultSeen(2_000, "kill s1", 1_500, 80, 14),
                        new Result.FaultSeen(6_000, "start s1", 0, 0, 0))
                .breaking(new Violation(Kind.WRONG_INSTANCE, 3, List.of("GET /a was at s1, answered by s2")))
                .stalling(new Result.Stall(2_000, 700))
                .heldBackBy("it was late by 40 ms")
                .closed()
                .take()
                .judged(Assertion.parse("p99 < 1ms"));
    }

    private static Result hostile() {
        return new MadeUpRun(1)
                .named(HOSTILE)
                .through(new Result.FaultSeen(2_000, HOSTILE, 1_500, 80, 14))
                .breaking(new Violation(Kind.WRONG_INSTANCE, 3, List.of(HOSTILE)))
                .heldBackBy(HOSTILE)
                .take();
    }

    private static String text(String page) {
        return page.replaceAll("(?s)<(script|style)[^>]*>.*?</\\1>", " ")
                .replaceAll("<[^>]*>", " ")
                .replace("&lt;", "<")
                .replaceAll("\\s+", " ");
    }

    private static JsonNode data(String page) throws IOException {
        Matcher data = Pattern.compile("<script type=\"application/json\" id=\"data\">(.*?)</script>")
                .matcher(page);
        assertThat(data.find()).isTrue();
        return new ObjectMapper().readTree(data.group(1));
    }

    private static List<String> labels(JsonNode data, String title) {
        return plot(data, title).findValuesAsText("label");
    }

    private static List<JsonNode> series(JsonNode data, String title, String label) {
        for (JsonNode series : plot(data, title).path("series")) {
            if (series.path("label").textValue().equals(label)) {
                return StreamSupport.stream(series.path("values").spliterator(), false)
                        .toList();
            }
        }
        throw new AssertionError("no line " + label);
    }

    private static JsonNode plot(JsonNode data, String title) {
        for (JsonNode plot : data.path("plots")) {
            if (plot.path("title").textValue().equals(title)) {
                return plot;
            }
        }
        throw new AssertionError("no plot " + title);
    }
}
