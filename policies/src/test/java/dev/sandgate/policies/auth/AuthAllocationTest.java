package dev.sandgate.policies.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.sandgate.conf.PolicyConfig.Authorize;
import dev.sandgate.conf.PolicyConfig.Jwt;
import dev.sandgate.conf.PolicyConfig.Rule;
import dev.sandgate.policies.Policy;
import dev.sandgate.policies.Principal;
import dev.sandgate.policies.Seen;
import dev.sandgate.policies.Verdict.Change;
import dev.sandgate.policies.Verdict.Pass;
import dev.sandgate.policies.kit.PlainSeen;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a check that lets a request pass leaves to the collector. Bytes, not time: the same on a busy machine. */
class AuthAllocationTest {

    private static final int ROUNDS = 10_000;
    private static final long MOST_BYTES = 200;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static double bytesEach(Policy policy, Seen seen, Class<?> expected) {
        long thread = Thread.currentThread().getId();
        rounds(policy, seen, expected);
        long before = THREADS.getThreadAllocatedBytes(thread);
        rounds(policy, seen, expected);
        double each = (THREADS.getThreadAllocatedBytes(thread) - before) / (double) ROUNDS;
        System.err.printf(
                "bytes allocated per passing check of %s: %.1f%n",
                policy.getClass().getSimpleName(), each);
        return each;
    }

    private static void rounds(Policy policy, Seen seen, Class<?> expected) {
        for (int round = 0; round < ROUNDS; round++) {
            if (!expected.isInstance(policy.check(seen))) {
                throw new AssertionError("it did not pass");
            }
        }
    }

    @Test
    void ofATokenThatIsRemembered() {
        try (Front front = new Front()) {
            Signer signer = Signer.of("RS256");
            front.shelf.put(Front.KEYS, Signer.set(signer.jwk()));
            Jwt other = Front.jwt("https://other.test/", URI.create("https://other.test/jwks.json"));
            Policy policy = front.open(Front.keys("X-API-Key"), other, Front.jwt());

            double bytes = bytesEach(policy, Front.bearing(front.good(signer)), Change.class);

            assertThat(bytes).isLessThanOrEqualTo(MOST_BYTES);
        }
    }

    @Test
    void ofAnAuthorizationThatAsksNoAddress() {
        Rule deny = new Rule(false, Set.of("DELETE"), List.of("/admin"), Set.of(), Set.of(), Set.of("root"), List.of());
        Rule allow = new Rule(
                true, Set.of("GET"), List.of("/x", "/mcp"), Set.of("alice"), Set.of("acme"), Set.of("read"), List.of());
        Policy policy = Authorization.of(new Authorize("may", Set.of("read"), List.of(deny, allow), false));
        Principal alice = new Principal("jwt:i|alice", "alice", "acme", Set.of("read", "write"), "");

        double bytes = bytesEach(policy, PlainSeen.get("/mcp/a").by(alice), Pass.class);

        assertThat(bytes).isLessThanOrEqualTo(MOST_BYTES);
    }

    @Test
    void ofAnAuthorizationByAddress() {
        List<IPAddress> ranges = Stream.of("198.51.100.0/24", "2001:db8::/32", "192.0.2.0/24")
                .map(each -> new IPAddressString(each).getAddress())
                .toList();
        Rule allow = new Rule(true, Set.of(), List.of(), Set.of(), Set.of(), Set.of(), ranges);
        Policy policy = Authorization.of(new Authorize("may", Set.of(), List.of(allow), false));

        double bytes = bytesEach(policy, PlainSeen.get("/mcp/a").from("192.0.2.7"), Pass.class);

        assertThat(bytes).isLessThanOrEqualTo(MOST_BYTES);
    }
}
