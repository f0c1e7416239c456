package dev.sandgate.policies.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sandgate.policies.Policy;
import dev.sandgate.policies.Seen;
import dev.sandgate.policies.Verdict;
import dev.sandgate.policies.kit.PlainSeen;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A token's check: one that is remembered, as it comes from the wire, and one that must be verified. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class JwtJmh {

    /** Who signed. */
    @Param({"RS256", "ES256"})
    private String algorithm = "";

    private final Front front = new Front();
    private Policy policy = seen -> Verdict.PASS;
    private Seen good = PlainSeen.get("/");
    private Seen forged = PlainSeen.get("/");
    private byte[] field = {};

    /** A policy that knows the key, and remembers one token. */
    @Setup(Level.Trial)
    public void open() {
        Signer signer = Signer.of(algorithm);
        front.shelf.put(Front.KEYS, Signer.set(signer.jwk()));
        policy = front.open(Front.jwt());
        String token = front.good(signer);
        good = Front.bearing(token);
        field = ("Bearer " + token).getBytes(US_ASCII);
        char last = token.charAt(token.length() - 10);
        String changed = token.substring(0, token.length() - 10)
                + (last == 'A' ? 'B' : 'A')
                + token.substring(token.length() - 9);
        forged = Front.bearing(changed);
        policy.check(good);
    }

    /** Ends it. */
    @TearDown(Level.Trial)
    public void close() {
        front.close();
    }

    /** One that is remembered. */
    @Benchmark
    public Verdict remembered() {
        return policy.check(good);
    }

    /** The same, whose text was read from the wire a moment ago: nobody has hashed it yet. */
    @Benchmark
    public Verdict rememberedFromTheWire() {
        return policy.check(Front.authorized(new String(field, US_ASCII)));
    }

    /** One that is not good, which takes as long as one that is new. */
    @Benchmark
    public Verdict forged() {
        return policy.check(forged);
    }
}
