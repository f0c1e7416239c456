package dev.sandgate.bench.stage;

import dev.sandgate.bench.scenario.Fault;
import dev.sandgate.bench.scenario.Placeholders;
import dev.sandgate.bench.scenario.Program;
import dev.sandgate.bench.scenario.Scenario;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** All programs of a run: started before it, broken during it, ended after it by {@link #close}. */
public final class Stage implements AutoCloseable {

    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);

    private final Path dir;
    private final Map<String, Running> programs = new LinkedHashMap<>();
    private final List<String> instances;
    private final HttpClient http = HttpClient.newHttpClient();

    private Stage(Path dir, List<String> instances) {
        this.dir = dir;
        this.instances = instances;
    }

    /** Writes the scenario's files, and starts its sandboxes and then its programs, each once the one before is ready. */
    public static Stage open(Scenario scenario, Placeholders placeholders, Path dir)
            throws StageFailure, IOException, InterruptedException {
        int count = scenario.sandboxes().count();
        List<String> names =
                IntStream.rangeClosed(1, count).mapToObj(n -> "s" + n).toList();
        Stage stage = new Stage(dir, names);
        for (Map.Entry<String, String> file : scenario.files().entrySet()) {
            Files.writeString(dir.resolve(file.getKey()), file.getValue());
        }
        List<Program> all = new ArrayList<>();
        if (count > 0 && scenario.sandboxes().oneProcess()) {
            all.add(sandboxes("sandboxes", names, placeholders, dir));
        } else {
            names.forEach(name -> all.add(sandboxes(name, List.of(name), placeholders, dir)));
        }
        List<Program> inOrder = new ArrayList<>(scenario.programs());
        placeholders.free();
        try {
            stage.start(all);
            for (Program program : inOrder) {
                stage.start(List.of(program));
            }
        } catch (StageFailure | InterruptedException failed) {
            stage.close();
            throw failed;
        }
        return stage;
    }

    private static Program sandboxes(String name, List<String> names, Placeholders placeholders, Path dir) {
        List<Integer> ports = names.stream().map(one -> placeholders.port(one)).toList();
        List<String> command = List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.sandgate.bench.Main",
                "sandbox",
                "--port",
                ports.stream().map(String::valueOf).collect(Collectors.joining(",")),
                "--name",
                String.join(",", names),
                "--log",
                dir.toString());
        return new Program(
                name, command, "http://127.0.0.1:" + ports.get(names.size() - 1) + "/healthz", Map.of(), false);
    }

    private void start(List<Program> together) throws StageFailure, InterruptedException {
        List<Running> started = new ArrayList<>();
        for (Program program : together) {
            Running running = new Running(program, dir);
            programs.put(program.name(), running);
            running.start();
            started.add(running);
        }
        for (Running running : started) {
            running.await();
        }
    }

    /** What each sandbox wrote down, by the instance's name; where it wrote nothing there is no file. */
    public Map<String, Path> logs() {
        Map<String, Path> logs = new LinkedHashMap<>();
        instances.forEach(name -> logs.put(name, dir.resolve(name + ".log")));
        return logs;
    }

    List<Running> all() {
        return List.copyOf(programs.values());
    }

    /** Makes a fault happen; returns when it has, for a pause when it is over. */
    public void happen(Fault fault) throws StageFailure, InterruptedException {
        Fault.Deed deed = fault.deed();
        if (deed instanceof Fault.Kill kill) {
            of(kill.program()).signal("KILL");
        } else if (deed instanceof Fault.Stop stop) {
            of(stop.program()).signal("TERM");
        } else if (deed instanceof Fault.Pause pause) {
            Running paused = of(pause.program());
            paused.signal("STOP");
            try {
                paused.outlives(pause.lasts());
            } finally {
                if (paused.pid().isPresent()) {
                    paused.signal("CONT");
                }
            }
        } else if (deed instanceof Fault.Start start) {
            of(start.program()).ended();
            of(start.program()).start();
        } else if (deed instanceof Fault.Call call) {
            call(call);
        } else if (deed instanceof Fault.Redis redis) {
            tell(redis);
        }
    }

    private Running of(String name) throws StageFailure {
        Running running = programs.get(name);
        if (running == null) {
            throw new StageFailure("no program " + name);
        }
        return running;
    }

    private void call(Fault.Call call) throws StageFailure, InterruptedException {
        HttpRequest ask = HttpRequest.newBuilder(URI.create(call.url()))
                .timeout(CALL_TIMEOUT)
                .method(call.method(), HttpRequest.BodyPublishers.ofString(call.body()))
                .header("Content-Type", "application/json")
                .build();
        try {
            HttpResponse<String> answer = http.send(ask, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() / 100 != 2) {
                throw new StageFailure(
                        call.method() + " " + call.url() + ": " + answer.statusCode() + " " + answer.body());
            }
        } catch (IOException away) {
            throw new StageFailure(call.method() + " " + call.url() + ": " + away.getMessage(), away);
        }
    }

    private static void tell(Fault.Redis redis) throws StageFailure {
        StringBuilder command = new StringBuilder("*" + redis.command().size() + "\r\n");
        for (String word : redis.command()) {
            command.append("$").append(word.getBytes(StandardCharsets.UTF_8).length);
            command.append("\r\n").append(word).append("\r\n");
        }
        try (Socket socket = new Socket(redis.host(), redis.port())) {
            socket.setSoTimeout((int) CALL_TIMEOUT.toMillis());
            socket.getOutputStream().write(command.toString().getBytes(StandardCharsets.UTF_8));
            if (socket.getInputStream().read() == '-') {
                throw new StageFailure("redis refused " + String.join(" ", redis.command()));
            }
        } catch (IOException away) {
            throw new StageFailure("redis " + redis.host() + ":" + redis.port() + ": " + away.getMessage(), away);
        }
    }

    /** Ends all programs, the last that was started first. */
    @Override
    public void close() {
        List<Running> backwards = new ArrayList<>(programs.values());
        Collections.reverse(backwards);
        backwards.forEach(Running::stop);
        try {
            for (Running running : backwards) {
                running.ended();
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
