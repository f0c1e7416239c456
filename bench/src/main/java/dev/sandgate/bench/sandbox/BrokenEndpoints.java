package dev.sandgate.bench.sandbox;

import io.vertx.core.http.HttpVersion;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Answers that break HTTP/1.1 on purpose, each in one named way: {@code /broken?how=half-length}. */
final class BrokenEndpoints {

    private static final String HALF = "only half of it ";
    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";
    private static final String CHUNKED = HEAD + "Transfer-Encoding: chunked\r\n\r\n";

    private static final Map<String, Consumer<RawAnswer>> WAYS = Map.of(
            "close-before-head", RawAnswer::close,
            "half-length", raw -> raw.sayAndClose(HEAD + "Content-Length: " + 2 * HALF.length() + "\r\n\r\n" + HALF),
            "half-chunked", raw -> raw.sayAndClose(CHUNKED + chunk(HALF)),
            "bad-chunk", raw -> raw.sayAndClose(CHUNKED + chunk(HALF) + "zz\r\nno hexadecimal length\r\n0\r\n\r\n"),
            "garbage-status", raw -> raw.sayAndClose("HTTP/1.1 banana\r\nContent-Length: 0\r\n\r\n"),
            "never", raw -> {},
            "reset", RawAnswer::reset);

    void answer(Visit visit) {
        String how = String.valueOf(visit.request().getParam("how"));
        Consumer<RawAnswer> way = WAYS.get(how);
        if (way == null) {
            throw Refused.badRequest("how: " + how + " (expected: one of " + new TreeSet<>(WAYS.keySet()) + ")");
        }
        if (visit.request().version() == HttpVersion.HTTP_2) {
            throw Refused.badRequest("broken answers are spoken in HTTP/1.1 only");
        }
        way.accept(new RawAnswer(visit.request()));
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }
}
