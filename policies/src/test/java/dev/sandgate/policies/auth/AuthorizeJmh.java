package dev.sandgate.policies.auth;

import dev.sandgate.conf.PolicyConfig.Authorize;
import dev.sandgate.conf.PolicyConfig.Rule;
import dev.sandgate.policies.Policy;
import dev.sandgate.policies.Principal;
import dev.sandgate.policies.Seen;
import dev.sandgate.policies.Verdict;
import dev.sandgate.policies.kit.PlainSeen;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Three rules, of which the last takes the request: by all that needs no address, and by the client's address. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AuthorizeJmh {

    private static final List<IPAddress> NOWHERE = List.of();
    private static final Rule DENY =
            new Rule(false, Set.of("DELETE"), List.of("/admin"), Set.of(), Set.of(), Set.of("root"), NOWHERE);

    private final Policy byCaller = policy(
            new Rule(true, Set.of(), List.of("/other"), Set.of("bob"), Set.of(), Set.of(), NOWHERE),
            new Rule(true, Set.of("GET"), List.of("/mcp"), Set.of("alice"), Set.of("acme"), Set.of("read"), NOWHERE));
    private final Policy byAddress = policy(ranges("198.51.100.0/24", "2001:db8::/32"), ranges("192.0.2.0/24"));
    private final Seen seen = PlainSeen.get("/mcp/tools")
            .by(new Principal("jwt:i|alice", "alice", "acme", Set.of("read", "write"), "gold"));

    private static Policy policy(Rule second, Rule third) {
        return Authorization.of(new Authorize("may", Set.of("read"), List.of(DENY, second, third), false));
    }

    private static Rule ranges(String... ranges) {
        List<IPAddress> read = Stream.of(ranges)
                .map(each -> new IPAddressString(each).getAddress())
                .toList();
        return new Rule(true, Set.of(), List.of(), Set.of(), Set.of(), Set.of(), read);
    }

    /** Method, path, principal, tenant and scopes. */
    @Benchmark
    public Verdict byCaller() {
        return byCaller.check(seen);
    }

    /** The client's address, read once. */
    @Benchmark
    public Verdict byAddress() {
        return byAddress.check(seen);
    }
}
