package dev.sandgate.proxy.processes;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.conf.InstancesConfig;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.PoolPlan;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.TestDoor;
import dev.sandgate.proxy.pool.Starts;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

final class ProcessPoolTest {

    /** Many JVMs at once take their time where all run on one machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String DID_NOT_START = "did not start";
    private static final String ENDED_BY_ITSELF = "ended by itself";

    @RegisterExtension
    final Invariants kit = new Invariants();

    private final String word = "TEST_" + UUID.randomUUID().toString().replace("-", "");
    private final Path state;

    ProcessPoolTest(@TempDir Path state) {
        this.state = state;
    }

    private TestDoor open(Plan plan, UnaryOperator<PoolPlan> pool, AffinityConfig... affinity) {
        PoolPlan main = PoolPlan.started(
                        "main", plan.env(word, "of ", "instance").config())
                .queue(300, PATIENCE);
        return kit.open(DoorPlan.to()
                .pool(pool.apply(main))
                .affinity(affinity.length == 0 ? new AffinityConfig[] {header()} : affinity)
                .connections(2000, 2000)
                .waits(PATIENCE, PATIENCE)
                .state(state));
    }

    private static AffinityConfig header() {
        return new AffinityConfig.Header("X-Session-Id", false);
    }

    private RawClient ask(TestDoor door, String session) {
        return kit.own(door.connect()).patience(PATIENCE).get("/count", "X-Session-Id: " + session + "\r\n");
    }

    /** What an instance said: its name, its process, how often this session came. */
    private record Said(String name, long pid, int count) {

        static Said by(Answer answer) {
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            String[] words = answer.body().split(" ", 3);
            return new Said(words[0], Long.parseLong(words[1]), Integer.parseInt(words[2]));
        }
    }

    private Said once(TestDoor door, String session) {
        return Said.by(ask(door, session).answer());
    }

    private static String reason(Answer answer) {
        return new JsonObject(answer.body()).getString("reason");
    }

    private static Starts starts(TestDoor door) {
        return door.door().starts("main");
    }

    private void awaitProcesses(int count) {
        Await.until(() -> Marked.with(word).size() == count, () -> "processes: " + Marked.with(word));
    }

    @Test
    void wakesASleepingPoolForItsFirstRequest() {
        TestDoor door = open(Plan.of(), pool -> pool);
        assertThat(Marked.with(word)).isEmpty();
        Said first = once(door, "a");
        assertThat(first.name()).isEqualTo("main-1");
        assertThat(first.count()).isEqualTo(1);
        assertThat(once(door, "a")).isEqualTo(new Said("main-1", first.pid(), 2));
        assertThat(starts(door)).isEqualTo(new Starts(1, 0, 0));
        assertThat(Marked.with(word)).containsExactly(first.pid());
    }

    @Test
    void wakesItForARequestWithoutASessionToo() {
        AffinityConfig none = new AffinityConfig.Query("nobody-sends-this");
        TestDoor door = open(Plan.of(), pool -> pool, none);
        assertThat(once(door, "a").name()).isEqualTo("main-1");
        assertThat(once(door, "b").name()).isEqualTo("main-1");
        assertThat(door.vitals().reservations()).isZero();
        assertThat(starts(door)).isEqualTo(new Starts(1, 0, 0));
    }

    @Test
    void wakesOneForManyRequestsWithoutASession() {
        AffinityConfig none = new AffinityConfig.Query("nobody-sends-this");
        TestDoor door = open(Plan.of(), pool -> pool.perInstance(1), none);
        List<RawClient> clients = crowd(door, 20);
        clients.forEach(client -> assertThat(Said.by(client.answer()).name()).isEqualTo("main-1"));
        assertThat(starts(door)).isEqualTo(new Starts(1, 0, 0));
    }

    @Test
    void servesARequestWithoutASessionBehindOneThatTakesTheLastSlot() {
        AffinityConfig query = new AffinityConfig.Query("sid");
        TestDoor door =
                open(Plan.of().range(0, 1), pool -> pool.perInstance(1).queue(10, Duration.ofSeconds(20)), query);
        RawClient session = kit.own(door.connect()).patience(PATIENCE).get("/count?sid=a");
        Await.until(() -> door.vitals().queued() == 1, () -> door.vitals().toString());
        RawClient stateless = kit.own(door.connect()).patience(PATIENCE).get("/count");
        long home = Said.by(session.answer()).pid();
        assertThat(Said.by(stateless.answer()).pid()).isEqualTo(home);
    }

    @Test
    void startsAsManyAsAHundredFirstRequestsNeed() {
        TestDoor door = open(Plan.of().range(0, 8), pool -> pool.perInstance(40));
        List<RawClient> clients = crowd(door, 100);
        Map<String, Long> homes = clients.stream()
                .map(client -> Said.by(client.answer()))
                .collect(Collectors.groupingBy(Said::name, Collectors.counting()));
        assertThat(homes).hasSize(3).allSatisfy((name, sessions) -> assertThat(sessions)
                .isLessThanOrEqualTo(40));
        assertThat(starts(door)).isEqualTo(new Starts(3, 0, 0));
    }

    @Test
    void startsOneForManyFirstRequestsOfOneSession() {
        TestDoor door = open(Plan.of(), pool -> pool.perInstance(1));
        List<RawClient> clients =
                IntStream.range(0, 20).mapToObj(i -> ask(door, "the-one")).toList();
        assertThat(clients.stream()
                        .map(client -> Said.by(client.answer()).pid())
                        .distinct())
                .hasSize(1);
        assertThat(starts(door)).isEqualTo(new Starts(1, 0, 0));
    }

    @Test
    void startsWhatAThousandSessionsNeedAndNoMoreThanTheMost() {
        Duration maxWait = Duration.ofSeconds(15);
        TestDoor door = open(Plan.of().range(0, 4), pool -> pool.perInstance(50).queue(500, maxWait));
        List<RawClient> clients = crowd(door, 1000);
        Map<Integer, List<Answer>> answers =
                clients.stream().map(RawClient::answer).collect(Collectors.groupingBy(Answer::status));
        assertThat(answers).containsOnlyKeys(200, 503);
        assertThat(answers.get(200)).hasSize(200);
        assertThat(answers.get(503)).hasSize(800).allSatisfy(answer -> {
            assertThat(answer.fields().has("retry-after")).isTrue();
            assertThat(reason(answer)).isIn("pool-full", "no-instance");
        });
        Map<String, Long> homes = answers.getOrDefault(200, List.of()).stream()
                .map(Said::by)
                .collect(Collectors.groupingBy(Said::name, Collectors.counting()));
        assertThat(homes).containsOnlyKeys("main-1", "main-2", "main-3", "main-4");
        assertThat(homes.values()).containsOnly(50L);
        assertThat(starts(door)).isEqualTo(new Starts(4, 0, 0));
        assertThat(Marked.with(word)).hasSize(4);
    }

    private List<RawClient> crowd(TestDoor door, int sessions) {
        List<RawClient> clients = IntStream.range(0, sessions)
                .mapToObj(i -> kit.own(door.connect()).patience(PATIENCE))
                .toList();
        IntStream.range(0, sessions).parallel().forEach(i -> clients.get(i)
                .get("/count", "X-Session-Id: session-" + i + "\r\n"));
        return clients;
    }

    @Test
    void tellsThatAStartFailedAndDoesNotTryAgainAtOnce() {
        kit.log().expect(DID_NOT_START);
        TestDoor door = open(Plan.of("exit=3"), pool -> pool);
        List<RawClient> clients =
                IntStream.range(0, 10).mapToObj(i -> ask(door, "s" + i)).toList();
        for (RawClient client : clients) {
            Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(503);
            assertThat(reason(answer)).isEqualTo("start-failed");
            assertThat(answer.fields().has("retry-after")).isTrue();
        }
        Answer soonAfter = ask(door, "another").answer();
        assertThat(reason(soonAfter)).isEqualTo("start-failed");
        assertThat(starts(door)).isEqualTo(new Starts(0, 1, 0));
        assertThat(kit.log().heard()).anyMatch(line -> line.contains("exit code 3 before it was ready"));
        assertThat(Marked.with(word)).isEmpty();
    }

    @Test
    void countsThoseThatWereStartedTogetherAsOneFailure() {
        kit.log().expect(DID_NOT_START);
        var plan = Plan.of().range(4, 4).config();
        var config = new InstancesConfig.Processes(
                new InstancesConfig.Command("no-such-program", List.of()),
                Map.of(),
                plan.cwd(),
                plan.min(),
                plan.max(),
                plan.ready(),
                plan.startTimeout(),
                plan.idleStop(),
                plan.stopTimeout());
        TestDoor door =
                kit.open(DoorPlan.to().pool(PoolPlan.started("main", config)).state(state));
        Await.until(() -> starts(door).failed() >= 4, () -> starts(door).toString());
        Pattern pause = Pattern.compile("comes in ([0-9]+) ms");
        List<Integer> pauses = kit.log().heard().stream()
                .map(pause::matcher)
                .filter(Matcher::find)
                .limit(4)
                .map(found -> Integer.valueOf(found.group(1)))
                .toList();
        assertThat(pauses).hasSize(4).allMatch(millis -> millis <= 1101, "the first pause, a tenth more by chance");
    }

    @Test
    void triesAgainAfterTheBackOff() {
        kit.log().expect(DID_NOT_START);
        TestDoor door = open(Plan.of("exit=3").range(1, 1), pool -> pool);
        Await.until(() -> starts(door).failed() >= 2, () -> starts(door).toString());
    }

    @Test
    void endsWhatIsNotReadyInTime() {
        kit.log().expect(DID_NOT_START);
        TestDoor door = open(
                Plan.of("deaf", "child=600", "stubborn")
                        .startTimeout(Duration.ofMillis(1500))
                        .stopTimeout(Duration.ofMillis(100)),
                pool -> pool);
        Answer answer = ask(door, "a").answer();
        assertThat(answer.status()).isEqualTo(503);
        assertThat(reason(answer)).isEqualTo("start-failed");
        assertThat(kit.log().heard()).anyMatch(line -> line.contains("not ready within 1500 ms"));
        awaitProcesses(0);
    }

    @Test
    void tellsThatTheProgramIsNotThere() {
        kit.log().expect(DID_NOT_START);
        var nowhere = new InstancesConfig.Command("no-such-program", List.of());
        var plan = Plan.of().config();
        var config = new InstancesConfig.Processes(
                nowhere,
                Map.of(),
                plan.cwd(),
                0,
                1,
                plan.ready(),
                plan.startTimeout(),
                plan.idleStop(),
                plan.stopTimeout());
        TestDoor door =
                kit.open(DoorPlan.to().pool(PoolPlan.started("main", config)).state(state));
        assertThat(reason(ask(door, "a").answer())).isEqualTo("start-failed");
        assertThat(kit.log().heard()).anyMatch(line -> line.contains("there is no program no-such-program in PATH"));
    }

    @Test
    void takesAnotherPortWhereTheChildFindsItsOwnTaken() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket told = new ServerSocket(0, 10, loopback)) {
            told.setSoTimeout((int) PATIENCE.toMillis());
            TestDoor door = open(Plan.of("asks=" + told.getLocalPort()), pool -> pool);
            RawClient waiting = ask(door, "a");
            int first;
            try (Socket child = told.accept()) {
                first = port(child);
                try (ServerSocket thief = new ServerSocket(first, 10, loopback)) {
                    child.getOutputStream().write(1);
                    try (Socket second = told.accept()) {
                        assertThat(port(second)).isNotEqualTo(thief.getLocalPort());
                        second.getOutputStream().write(1);
                        assertThat(Said.by(waiting.answer()).name()).isEqualTo("main-1");
                    }
                }
            }
            assertThat(starts(door)).isEqualTo(new Starts(1, 0, 0));
        }
    }

    private static int port(Socket child) throws IOException {
        return Integer.parseInt(
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))
                        .readLine());
    }

    @Test
    void stopsWhatNobodyUsesAndKeepsTheLeast() {
        TestDoor door = open(Plan.of().range(1, 3).idleStop(Duration.ofSeconds(1)), pool -> pool.perInstance(1)
                .idleTimeout(Duration.ofSeconds(1)));
        List<RawClient> clients = crowd(door, 3);
        Set<Long> pids =
                clients.stream().map(client -> Said.by(client.answer()).pid()).collect(Collectors.toSet());
        assertThat(pids).hasSize(3);
        awaitProcesses(1);
        assertThat(pids).containsAll(Marked.with(word));
        assertThat(starts(door)).isEqualTo(new Starts(3, 0, 0));
        assertThat(once(door, "later").pid()).isIn(pids);
    }

    @Test
    void losesTheSessionsOfAnInstanceThatDiesAndStartsAnotherLifeOfIt() {
        kit.log().expect(ENDED_BY_ITSELF);
        TestDoor door = open(Plan.of().range(0, 1), pool -> pool);
        Said first = once(door, "a");
        ProcessHandle.of(first.pid()).orElseThrow().destroyForcibly();
        Await.until(() -> door.vitals().sessions() == 0, () -> door.vitals().toString());
        Answer lost = ask(door, "a").answer();
        assertThat(lost.status()).isEqualTo(404);
        assertThat(reason(lost)).isEqualTo("session-lost");
        Said second = once(door, "b");
        assertThat(second.name()).isEqualTo("main-1");
        assertThat(second.pid()).isNotEqualTo(first.pid());
        assertThat(starts(door)).isEqualTo(new Starts(2, 0, 1));
        assertThat(kit.log().heard()).anyMatch(line -> line.contains("exit code 137"));
    }

    @Test
    void servesOneSessionWithEachInstanceWhereItRecycles() {
        TestDoor door =
                open(Plan.of().range(0, 3), PoolPlan::recycling, new AffinityConfig.Header("X-Session-Id", false));
        Said first = once(door, "a");
        Said second = once(door, "b");
        assertThat(second.pid()).isNotEqualTo(first.pid());
        assertThat(once(door, "a")).isEqualTo(new Said(first.name(), first.pid(), 2));
        assertThat(Marked.with(word)).hasSize(2);
    }

    @Test
    void saysThatItIsFullWhereEachInstanceServesItsOneSession() {
        TestDoor door = open(Plan.of().range(1, 1), pool -> pool.recycling().queue(10, Duration.ofSeconds(1)));
        Await.until(() -> starts(door).ready() == 1, () -> starts(door).toString());
        once(door, "a");
        Answer refused = ask(door, "b").answer();
        assertThat(refused.status()).isEqualTo(503);
        assertThat(reason(refused)).isEqualTo("pool-full");
    }

    @Test
    void replacesWhatItRecycledBeforeTheNextSessionCanSeeIt() {
        TestDoor door = open(Plan.of().range(1, 2), pool -> pool.recycling().idleTimeout(Duration.ofSeconds(1)));
        Set<Long> pids = new TreeSet<>();
        for (int session = 0; session < 4; session++) {
            Said said = once(door, "session-" + session);
            assertThat(said.count()).isEqualTo(1);
            pids.add(said.pid());
        }
        assertThat(pids).hasSize(4);
        Await.until(() -> pids.stream().noneMatch(Marked::runs), () -> "still running of " + pids);
        awaitProcesses(1);
    }

    @Test
    void givesAFreshInstanceToARequestWithoutASessionWhereItRecycles() {
        AffinityConfig none = new AffinityConfig.Query("nobody-sends-this");
        TestDoor door = open(Plan.of().range(0, 1), PoolPlan::recycling, none);
        long first = once(door, "x").pid();
        long second = once(door, "x").pid();
        assertThat(second).isNotEqualTo(first);
    }

    @Test
    void handsOnNoVariableThatIsNotAskedFor() {
        TestDoor door = open(Plan.of().env("GREETING", "port ", "port"), pool -> pool);
        String said = kit.own(door.connect())
                .patience(PATIENCE)
                .get("/env", "X-Session-Id: a\r\n")
                .answer()
                .body();
        Map<String, String> env = Arrays.stream(said.split("\n"))
                .collect(Collectors.toMap(line -> line.substring(0, line.indexOf('=')), Function.identity()));
        assertThat(env.keySet()).contains("PATH", "PORT", "SANDGATE_CHILD", "GREETING", word);
        assertThat(env.get("GREETING"))
                .isEqualTo("GREETING=port " + env.getOrDefault("PORT", "").replace("PORT=", ""));
        assertThat(env.get(word)).isEqualTo(word + "=of main-1");
        assertThat(env.keySet())
                .filteredOn(name ->
                        !Set.of("PORT", "SANDGATE_CHILD", "GREETING", word).contains(name))
                .allMatch(name -> name.startsWith("LC_")
                        || Set.of("PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR")
                                .contains(name)
                        || Set.of("JAVA_HOME", "SANDGATE_JAVA").contains(name));
    }

    @Test
    void endsAllItsProcessesAndTheirsWhenItCloses() {
        Plan plan = Plan.of("child=600", "stubborn").range(2, 2).stopTimeout(Duration.ofMillis(300));
        TestDoor door = open(plan.readyWhenItTakesConnections(), pool -> pool);
        awaitProcesses(4);
        door.close();
        assertThat(Marked.with(word)).isEmpty();
        assertThat(state.resolve("children")).isEmptyDirectory();
    }

    @Test
    void endsWhatIsOnlyStartingWhenItCloses() {
        TestDoor door = open(Plan.of("deaf").range(2, 2), pool -> pool);
        awaitProcesses(2);
        door.close();
        assertThat(Marked.with(word)).isEmpty();
        assertThat(state.resolve("children")).isEmptyDirectory();
    }

    @Test
    void logsWhatAnInstanceSaysAfterItsNameAndLeavesOutTooMuch() {
        var log = (ch.qos.logback.classic.Logger) LoggerFactory.getLogger("instance");
        ListAppender<ILoggingEvent> heard = new ListAppender<>();
        heard.list = new CopyOnWriteArrayList<>();
        heard.start();
        log.addAppender(heard);
        try {
            TestDoor door = open(Plan.of("says=20000"), pool -> pool);
            once(door, "a");
            // what was left out is told when its output goes on, or ends
            door.close();
            Await.until(
                    () -> heard.list.stream().anyMatch(line -> said(line).contains("left out")),
                    () -> heard.list.size() + " lines");
        } finally {
            log.detachAppender(heard);
        }
        List<String> lines = heard.list.stream().map(ProcessPoolTest::said).toList();
        assertThat(lines).contains("main-1: red and a bell ?", "main-1: an error", "main-1: line 0");
        assertThat(lines).contains("main-1: " + "x".repeat(4096) + " ...");
        assertThat(lines).noneMatch(line -> line.equals("main-1: line 19999"));
        assertThat(lines).anyMatch(line -> line.matches("main-1: [0-9]+ more lines within a second, left out"));
    }

    private static String said(ILoggingEvent line) {
        return line.getFormattedMessage();
    }
}
