package dev.sandgate.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sandgate.bench.result.Result;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions of several callers, each with a credential and a plan of its own. */
final class CallersTest {

    private final Path dir;
    private final HttpServer door;
    private final Map<String, Integer> calls = new ConcurrentHashMap<>();

    /** Opens a door that lets nobody in but {@code good}. */
    CallersTest(@TempDir Path dir) throws IOException {
        this.dir = dir;
        door = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        door.createContext("/count", this::answer);
        door.start();
    }

    @AfterEach
    void close() {
        door.stop(0);
    }

    @Test
    void comeByTheirOwnPlanAndAreToldApartByTheirCredential() throws Exception {
        Result result = new Bench(dir).run("""
                { "name": "two callers", "doors": ["http://127.0.0.1:%d"], "duration": "1100ms",
                  "arrival": { "constant": 5 },
                  "sessions": [
                    { "affinity": { "header": "X-Session-Id" }, "calls": 1, "headers": { "X-API-Key": "good" },
                      "end": "vanish" },
                    { "affinity": { "header": "X-Session-Id" }, "calls": 1, "headers": { "X-API-Key": "bad" },
                      "arrival": { "spike": { "base": 0, "peak": 100, "at": "0s", "for": "200ms" } } } ] }
                """.formatted(door.getAddress().getPort()));
        assertThat(calls).containsOnly(Map.entry("good", 5), Map.entry("bad", 20));
        assertThat(result.sessions().admitted()).isEqualTo(5);
        assertThat(result.sessions().refused()).containsOnly(Map.entry("unauthenticated", 20L));
        assertThat(result.timeline().stream()
                        .mapToLong(second -> second.refused().getOrDefault("unauthenticated", 0L))
                        .sum())
                .isEqualTo(20);
        assertThat(result.timeline())
                .allSatisfy(second -> assertThat(second.failures()).isEqualTo(second.refused()));
    }

    private void answer(HttpExchange exchange) throws IOException {
        String key = exchange.getRequestHeaders().getFirst("X-API-Key");
        calls.merge(String.valueOf(key), 1, Integer::sum);
        boolean good = "good".equals(key);
        String session = exchange.getRequestHeaders().getFirst("X-Session-Id");
        byte[] body = (good
                        ? "{\"instance\":\"one\",\"session\":\"" + session + "\",\"count\":1}"
                        : "{\"reason\":\"unauthenticated\"}")
                .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(good ? 200 : 401, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
