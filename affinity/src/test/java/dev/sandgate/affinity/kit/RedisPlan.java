package dev.sandgate.affinity.kit;

import dev.sandgate.conf.TableConfig.IdKey;
import dev.sandgate.conf.TableConfig.Leases;
import dev.sandgate.conf.TableConfig.Mode;
import dev.sandgate.conf.TableConfig.Redis;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How a test's table reaches its Redis; what it does not say is as in a config file, but for more patience. */
public final class RedisPlan {

    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final List<URI> urls;
    private Mode mode = Mode.STANDALONE;
    private Optional<String> user = Optional.empty();
    private Optional<String> password = Optional.empty();
    private int database;
    private Optional<Path> trust = Optional.empty();
    private Duration timeout = Duration.ofSeconds(10);
    private Duration hold = Duration.ofSeconds(1);

    private RedisPlan(List<URI> urls) {
        this.urls = urls;
    }

    public static RedisPlan at(String... urls) {
        return new RedisPlan(List.of(urls).stream().map(URI::create).toList());
    }

    public RedisPlan mode(Mode leadsTo) {
        mode = leadsTo;
        return this;
    }

    public RedisPlan login(String as, String with) {
        user = as.isEmpty() ? Optional.empty() : Optional.of(as);
        password = Optional.of(with);
        return this;
    }

    public RedisPlan database(int number) {
        database = number;
        return this;
    }

    public RedisPlan trust(Path authorities) {
        trust = Optional.of(authorities);
        return this;
    }

    public RedisPlan timeout(Duration ofACommand) {
        timeout = ofACommand;
        return this;
    }

    public RedisPlan hold(Duration afterALoss) {
        hold = afterALoss;
        return this;
    }

    public Redis config() {
        return new Redis(
                mode,
                urls,
                "mymaster",
                user,
                password,
                database,
                "sg",
                trust,
                CONNECT,
                timeout,
                hold,
                Duration.ofMinutes(5),
                100_000,
                List.of(new IdKey("test", "a secret that every test may know")),
                Leases.PROMISED);
    }
}
