package dev.sandgate.bench.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TroubleTest {

    private static final String[] SESSION = {SandboxOptions.SESSION_HEADER, "s1"};

    private final SandboxUnderTest under = new SandboxUnderTest();

    @AfterEach
    void close() {
        under.close();
    }

    @Test
    void failsHalfOfItsRequestsAndCountsOnlyTheOthers() throws Exception {
        trouble("?failures=50");
        assertThat(statuses(6)).containsExactly(200, 500, 200, 500, 200, 500);
        assertThat(under.get("/healthz").statusCode()).isEqualTo(200);
        trouble("");
        assertThat(statuses(3)).containsOnly(200);
        assertThat(under.get("/count", SESSION).body()).contains("\"count\":7");
    }

    @Test
    void answersLateWithAllOfABodyThatCameMeanwhile() throws Exception {
        trouble("?head=30");
        long began = System.nanoTime();
        String body = "early ".repeat(20_000);
        String echo = under.send(under.to("/echo").POST(BodyPublishers.ofString(body)), BodyHandlers.ofString())
                .body();
        assertThat(echo).isEqualTo(body);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofMillis(30));
    }

    @Test
    void refusesAnAilmentThatThereIsNot() throws Exception {
        assertThat(trouble("?failures=101")).isEqualTo(400);
        assertThat(trouble("?head=-1")).isEqualTo(400);
        assertThat(statuses(2)).containsOnly(200);
    }

    private int trouble(String query) throws Exception {
        return under.send(under.to("/trouble" + query).PUT(BodyPublishers.noBody()), BodyHandlers.discarding())
                .statusCode();
    }

    private List<Integer> statuses(int times) throws Exception {
        List<Integer> statuses = new ArrayList<>();
        for (int n = 0; n < times; n++) {
            statuses.add(under.get("/count", SESSION).statusCode());
        }
        return statuses;
    }
}
