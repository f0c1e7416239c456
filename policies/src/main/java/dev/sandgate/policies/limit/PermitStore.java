package dev.sandgate.policies.limit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sandgate.affinity.RedisScripts;
import dev.sandgate.conf.PolicyConfig;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The permits of a fleet's limit, in Redis: one key for each that is limited, gone when it has all its permits. Any thread. */
final class PermitStore {

    private static final String TAKE = read();

    private final RedisScripts scripts;
    private final Supplier<String> micros;
    private final String prefix;
    private final List<String> numbers;
    private final String worth;

    /** @param micros the time that Redis goes by, in us; empty: its own */
    PermitStore(PolicyConfig.RateLimit config, RedisScripts scripts, Supplier<String> micros) {
        this.scripts = scripts;
        this.micros = micros;
        this.prefix = "limit:" + URLEncoder.encode(config.name(), UTF_8) + ":";
        this.numbers = List.of(
                "" + config.permits(),
                "" + TimeUnit.NANOSECONDS.toMicros(config.per().toNanos()),
                "" + config.burst());
        this.worth = "" + SharePlan.of(config).worth();
    }

    /** As many as there are, at most so many. Fails where Redis does not do it. */
    Future<Grant> take(Object key, int permits) {
        // nobody who reads Redis learns addresses or names of callers
        String name = prefix + scripts.veil(KeyText.of(key));
        List<String> args = List.of(numbers.get(0), numbers.get(1), numbers.get(2), "" + permits, worth, micros.get());
        return scripts.run(TAKE, name, args).map(answer -> Grant.of(permits, answer));
    }

    private static String read() {
        try (InputStream in = PermitStore.class.getResourceAsStream("take.lua")) {
            if (in == null) {
                throw new IllegalStateException("no resource take.lua");
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException("take.lua", failure);
        }
    }
}
