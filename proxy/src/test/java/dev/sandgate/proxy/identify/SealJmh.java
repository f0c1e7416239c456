package dev.sandgate.proxy.identify;

import dev.sandgate.conf.AffinityConfig.CookieKey;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The seal of our cookie, by itself. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SealJmh {

    private static final String ID = "AbCdEfGhIjKlMnOpQrStUv";

    private final Seal seal =
            Seal.ofCookie(List.of(new CookieKey("2026-11", "a secret of 32 characters or more")), "python", "sandgate");
    private final String value = seal.seal(ID, Optional.empty());
    private final String forged = value.substring(0, value.length() - 1) + (value.endsWith("A") ? "Q" : "A");

    /** A new cookie. */
    @Benchmark
    public String seal() {
        return seal.seal(ID, Optional.empty());
    }

    /** One that comes back. */
    @Benchmark
    public Optional<String> open() {
        return seal.open(value);
    }

    /** One that somebody made up. */
    @Benchmark
    public Optional<String> openForged() {
        return seal.open(forged);
    }
}
