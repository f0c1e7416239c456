package dev.sandgate.proxy.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RecordingInstance;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What domains cost a node that knows many. */
final class ManyDomainsTest {

    private static final int MANY = 2_000;
    private static final int MOST_BYTES_EACH = 4 * 1024;

    @RegisterExtension
    final Invariants kit = new Invariants();

    @Test
    void keepsLittleOfEach(@TempDir Path state) throws IOException {
        RecordingInstance instance = kit.instance();
        Desk desk = new Desk(kit.open(DoorPlan.to(instance).at("/never").state(state)));
        desk.add("first.example.com", Desk.to("pool", "main"));
        long before = used();
        write(state, "plain", Desk.to("pool", "main"));
        desk.add("second.example.com", Desk.to("pool", "main"));
        desk.awaitVisit("plain" + (MANY - 1) + ".customers.example.com", 200);
        long plain = used();
        write(state, "shared", Desk.to("pool", "main").put("session", "a-project-of-a-customer"));
        desk.add("third.example.com", Desk.to("pool", "main"));
        desk.awaitVisit("shared" + (MANY - 1) + ".customers.example.com", 200);
        long shared = used();
        System.err.println(MANY + " domains: " + (plain - before) / MANY + " bytes each; with a session: "
                + (shared - plain) / MANY + " bytes each");
        assertThat((shared - before) / MANY / 2).isLessThan(MOST_BYTES_EACH);
        assertThat(desk.visit("shared1.customers.example.com", "/x").status()).isEqualTo(200);
    }

    // As the node itself would, but for the time that each takes to reach the disk.
    private static void write(Path state, String name, JsonObject value) throws IOException {
        for (int number = 0; number < MANY; number++) {
            String domain = name + number + ".customers.example.com";
            JsonObject line = new JsonObject()
                    .put("name", domain)
                    .put("version", 1)
                    .put("bytes", value.encode().length());
            Files.writeString(
                    state.resolve("domains").resolve(domain + ".record"), line.encode() + "\n" + value.encode());
        }
    }

    private static long used() {
        for (int round = 0; round < 4; round++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
