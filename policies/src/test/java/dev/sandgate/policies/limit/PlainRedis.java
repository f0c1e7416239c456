package dev.sandgate.policies.limit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs scripts in a Redis and waits for it: a test that asks it ten thousand times has no time for event loops. */
final class PlainRedis implements AutoCloseable {

    private final Socket socket;
    private final InputStream in;
    private final Map<String, String> loaded = new HashMap<>();

    PlainRedis(int port) {
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(30_000);
            in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The whole numbers that it answers. */
    List<Long> run(String lua, String key, List<String> args) {
        String sha = loaded.computeIfAbsent(lua, text -> {
            say(List.of("SCRIPT", "LOAD", text));
            line();
            return line();
        });
        List<String> words = new ArrayList<>(List.of("EVALSHA", sha, "1", key));
        words.addAll(args);
        say(words);
        int many = (int) number(line(), '*');
        List<Long> numbers = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            numbers.add(number(line(), ':'));
        }
        return numbers;
    }

    private void say(List<String> words) {
        StringBuilder command = new StringBuilder("*" + words.size() + "\r\n");
        for (String word : words) {
            command.append('$')
                    .append(word.length())
                    .append("\r\n")
                    .append(word)
                    .append("\r\n");
        }
        try {
            socket.getOutputStream().write(command.toString().getBytes(UTF_8));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static long number(String line, char kind) {
        if (line.charAt(0) != kind) {
            throw new AssertionError("Redis said " + line);
        }
        return Long.parseLong(line.substring(1));
    }

    private String line() {
        try {
            StringBuilder line = new StringBuilder();
            for (int next = in.read(); next != '\n'; next = in.read()) {
                if (next < 0) {
                    throw new AssertionError("Redis hung up");
                }
                line.append((char) next);
            }
            return line.toString().strip();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
