package dev.sandgate.proxy.kit;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/** What an instance does once it has read a whole request. Afterwards it reads the next one, unless the line is over. */
@FunctionalInterface
public interface Script {

    void play(SeenRequest request, Line line) throws IOException;

    /** 200, with the method and target that were seen as the body: tells whose answer it is. */
    static Script echo() {
        return (request, line) -> line.send(ok(request, request.toString()));
    }

    /** 200 with this body. */
    static Script ok(String body) {
        return (request, line) -> line.send(ok(request, body));
    }

    /** These bytes, and the next request. */
    static Script raw(String answer) {
        return (request, line) -> line.send(answer);
    }

    static Script rawThenClose(String answer) {
        return (request, line) -> {
            line.send(answer);
            line.close();
        };
    }

    static Script rawThenReset(String answer) {
        return (request, line) -> {
            line.send(answer);
            line.reset();
        };
    }

    static Script rawThenStall(String answer) {
        return (request, line) -> {
            line.send(answer);
            line.stall();
        };
    }

    /** This script, once the test's event has come. */
    static Script after(CountDownLatch event, Script script) {
        return (request, line) -> {
            line.await(event);
            script.play(request, line);
        };
    }

    private static String ok(SeenRequest request, String body) {
        String head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX-Connection: " + request.connection()
                + "\r\nContent-Length: " + body.length() + "\r\n\r\n";
        return request.method().equals("HEAD") ? head : head + body;
    }
}
