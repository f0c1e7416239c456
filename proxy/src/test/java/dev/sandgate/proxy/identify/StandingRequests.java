package dev.sandgate.proxy.identify;

import dev.sandgate.conf.LimitsConfig;
import dev.sandgate.conf.ListenerConfig;
import dev.sandgate.proxy.inbound.AcceptGate;
import dev.sandgate.proxy.inbound.Inbound;
import dev.sandgate.proxy.inbound.InboundTransport;
import dev.sandgate.proxy.inbound.RequestGate;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.internal.VertxBootstrap;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Requests that came over a connection, were decoded and passed the gate, and stand there unanswered: what identify
 * reads, to be read again and again. For one thread.
 */
final class StandingRequests implements AutoCloseable {

    private static final int BACKLOG = 7;
    private static final ListenerConfig LISTENER = new ListenerConfig(
            "public",
            "127.0.0.1",
            0,
            Optional.empty(),
            OptionalInt.empty(),
            Optional.empty(),
            true,
            List.of(),
            LimitsConfig.DEFAULT);

    private final Vertx vertx;
    private final int port;
    private final List<Socket> clients = new ArrayList<>();
    private final BlockingQueue<Inbound> passed = new LinkedBlockingQueue<>();

    StandingRequests() {
        InboundTransport transport = InboundTransport.best();
        transport.guard(BACKLOG, new AcceptGate(LISTENER.limits()));
        vertx = VertxBootstrap.create().transport(transport).init().vertx();
        RequestGate gate = new RequestGate(LISTENER, "sandgate-test");
        port = vertx.createHttpServer(new HttpServerOptions().setAcceptBacklog(BACKLOG))
                .requestHandler(request -> passed.add(gate.check(request)))
                .listen(0, LISTENER.host())
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
    }

    /** @param head its line and fields, a line each */
    Inbound send(String head) {
        String bytes = (head.strip() + "\n\n").replace("\n", "\r\n");
        try {
            Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
            clients.add(client);
            client.getOutputStream().write(bytes.getBytes(StandardCharsets.US_ASCII));
            Inbound inbound = passed.poll(10, TimeUnit.SECONDS);
            if (inbound == null) {
                throw new AssertionError("the request did not pass the gate: " + head);
            }
            return inbound;
        } catch (IOException failure) {
            throw new AssertionError(failure);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError(stopped);
        }
    }

    @Override
    public void close() {
        try {
            for (Socket client : clients) {
                client.close();
            }
        } catch (IOException failure) {
            throw new AssertionError(failure);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }
}
