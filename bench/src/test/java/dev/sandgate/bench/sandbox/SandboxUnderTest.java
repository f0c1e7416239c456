package dev.sandgate.bench.sandbox;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/** A sandbox on a free port with two clients: an honest one, and a bare socket. Close it after the test. */
final class SandboxUnderTest implements AutoCloseable {

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final DemoSandbox sandbox;

    SandboxUnderTest() {
        this(UnaryOperator.identity());
    }

    SandboxUnderTest(UnaryOperator<SandboxOptions> with) {
        sandbox = DemoSandbox.start(vertx, with.apply(SandboxOptions.of("127.0.0.1", 0, "a")))
                .await();
    }

    DemoSandbox sandbox() {
        return sandbox;
    }

    HttpRequest.Builder to(String target) {
        return HttpRequest.newBuilder(URI.create(sandbox.url() + target));
    }

    HttpResponse<String> get(String target, String... fields) throws IOException, InterruptedException {
        HttpRequest.Builder request = to(target);
        if (fields.length > 0) {
            request.headers(fields);
        }
        return send(request, BodyHandlers.ofString());
    }

    <T> HttpResponse<T> send(HttpRequest.Builder request, BodyHandler<T> body)
            throws IOException, InterruptedException {
        return client.send(request.build(), body);
    }

    /** What the server sends on a connection of its own until it closes it. */
    String raw(String target) throws IOException {
        try (Socket socket = connect()) {
            ask(socket, target);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), sandbox.port());
    }

    static void ask(Socket socket, String target) throws IOException {
        String request = "GET " + target + " HTTP/1.1\r\nHost: sandbox\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() {
        sandbox.close().await();
        vertx.close().await();
    }
}
