package dev.sandgate.proxy.processes;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * An instance in a process of its own, as small as a JVM can be. Arguments: its port, its name, then what it does
 * otherwise than well.
 */
public final class SmallServer {

    private static final Map<String, Integer> COUNTS = new ConcurrentHashMap<>();

    private SmallServer() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int port = Integer.parseInt(arguments[0]);
        String name = arguments[1];
        List<String> habits = List.of(arguments).subList(2, arguments.length);
        for (String habit : habits) {
            adopt(habit, port);
        }
        if (habits.contains("deaf")) {
            new CountDownLatch(1).await();
        }
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
        server.setExecutor(Executors.newFixedThreadPool(8));
        server.createContext("/healthz", exchange -> {
            exchange.getResponseHeaders().set("X-Incarnation", "" + pid());
            answer(exchange, 200, "ok");
        });
        server.createContext("/count", exchange -> {
            String session = String.valueOf(exchange.getRequestHeaders().getFirst("X-Session-Id"));
            answer(exchange, 200, name + " " + pid() + " " + COUNTS.merge(session, 1, Integer::sum));
        });
        server.createContext("/env", exchange -> answer(exchange, 200, environment()));
        server.start();
    }

    private static void adopt(String habit, int port) throws IOException, InterruptedException {
        if (habit.startsWith("exit=")) {
            System.exit(Integer.parseInt(habit.substring("exit=".length())));
        } else if (habit.startsWith("child=")) {
            // it has a process of its own, which it does not look after
            new ProcessBuilder("sleep", habit.substring("child=".length()))
                    .inheritIO()
                    .start();
        } else if (habit.equals("stubborn")) {
            Runtime.getRuntime().addShutdownHook(new Thread(SmallServer::stay));
        } else if (habit.startsWith("asks=")) {
            ask(Integer.parseInt(habit.substring("asks=".length())), port);
        } else if (habit.startsWith("says=")) {
            say(Integer.parseInt(habit.substring("says=".length())));
        }
    }

    private static void stay() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException never) {
            Thread.currentThread().interrupt();
        }
    }

    /** Tells somebody its port, and waits for a byte before it takes that. */
    private static void ask(int whom, int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), whom)) {
            socket.getOutputStream().write((port + "\n").getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().read();
        }
    }

    private static void say(int lines) {
        System.out.println("\u001b[31mred\u001b[0m and a bell \u0007");
        System.err.println("an error");
        System.out.println("x".repeat(10_000));
        for (int line = 0; line < lines; line++) {
            System.out.println("line " + line);
        }
        System.out.flush();
    }

    private static long pid() {
        return ProcessHandle.current().pid();
    }

    private static String environment() {
        return new TreeMap<>(System.getenv())
                .entrySet().stream().map(Map.Entry::toString).collect(Collectors.joining("\n"));
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
