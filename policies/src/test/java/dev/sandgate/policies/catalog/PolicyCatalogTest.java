package dev.sandgate.policies.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.kit.ManualAlarms;
import dev.sandgate.affinity.kit.ManualClock;
import dev.sandgate.conf.PolicyConfig;
import dev.sandgate.conf.PolicyConfig.Away;
import dev.sandgate.conf.PolicyConfig.Part;
import dev.sandgate.conf.PolicyConfig.Scope;
import dev.sandgate.conf.PolicyConfig.TrustedHeader;
import dev.sandgate.policies.Surroundings;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A kind of policy is a record, a line in the catalog, an entry in the schema and a row in the docs. */
final class PolicyCatalogTest {

    private static final Surroundings AROUND = new Surroundings(
            System::nanoTime,
            Clock.systemUTC(),
            new ManualAlarms(new ManualClock()),
            where -> Future.failedFuture("nothing is read here"),
            Optional.empty());

    /** One of each kind. */
    private static final List<PolicyConfig> ALL = List.of(
            new PolicyConfig.Authenticate(
                    "who", List.of(new TrustedHeader("X-User", "", "", "")), true, Optional.empty()),
            new PolicyConfig.Authorize("what", Set.of(), List.of(), true),
            new PolicyConfig.RateLimit(
                    "often", by(Part.IP), 10, Duration.ofSeconds(1), 10, Scope.NODE, Away.LOCAL, 1000),
            new PolicyConfig.Concurrency("many", by(Part.IP), 1, 0),
            new PolicyConfig.SessionQuota("sessions", by(Part.IP), 1),
            new PolicyConfig.ByteBudget("bytes", by(Part.SESSION), OptionalLong.of(1), OptionalLong.empty()),
            new PolicyConfig.Shed("shed", Map.of(), 50));

    private static PolicyConfig.Key by(Part... parts) {
        return new PolicyConfig.Key(List.of(parts), PolicyConfig.Key.IPV6_PREFIX);
    }

    private static List<String> kinds() {
        return Arrays.stream(PolicyConfig.class.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .map(name -> Character.toLowerCase(name.charAt(0)) + name.substring(1))
                .toList();
    }

    @Test
    void everyKindIsMadeAndOneOfANameIsTheSame() {
        assertThat(ALL.stream().map(config -> config.getClass().getSimpleName()))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(PolicyConfig.class.getPermittedSubclasses())
                        .map(Class::getSimpleName)
                        .toList());
        try (PolicyCatalog catalog = new PolicyCatalog(AROUND)) {
            for (PolicyConfig config : ALL) {
                assertThat(catalog.policy(config)).isSameAs(catalog.policy(config));
            }
            assertThat(catalog.names()).hasSize(ALL.size());
        }
    }

    @Test
    void everyKindStandsInTheSchemaAndTheDocs() throws IOException {
        String schema;
        try (InputStream in = PolicyConfig.class.getResourceAsStream("sandgate.schema.json")) {
            schema = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        String docs = Files.readString(Path.of("../docs/config.md"));
        for (String kind : kinds()) {
            assertThat(schema).contains("\"" + kind + "\"");
            assertThat(docs).contains("| `policies.<name>." + kind + "` |");
        }
    }

    @Test
    void whatNeedsTheSessionIsAskedOnceItIsKnown() {
        assertThat(ALL.stream().map(Phase::of))
                .containsExactly(
                        Phase.ADMIT,
                        Phase.ADMIT,
                        Phase.ADMIT,
                        Phase.ADMIT,
                        Phase.OPENING,
                        Phase.SESSION,
                        Phase.OPENING);
        assertThat(Phase.of(new PolicyConfig.Concurrency("one", by(Part.SESSION, Part.ROUTE), 1, 0)))
                .isEqualTo(Phase.SESSION);
    }
}
