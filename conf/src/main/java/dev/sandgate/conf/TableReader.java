package dev.sandgate.conf;

import dev.sandgate.conf.TableConfig.IdKey;
import dev.sandgate.conf.TableConfig.Mode;
import dev.sandgate.conf.TableConfig.Redis;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code table}. Passwords and what stands under {@code keys} are shown nowhere. */
final class TableReader {

    private static final String REDIS = "redis";
    private static final String EXPECTED = "an object such as { \"type\": \"memory\" }";
    private static final Shape<String> TYPE = Scalars.oneOf(Map.of("memory", "memory", REDIS, REDIS));
    private static final Shape<Mode> MODE =
            Scalars.oneOf(Map.of("standalone", Mode.STANDALONE, "sentinel", Mode.SENTINEL, "cluster", Mode.CLUSTER));
    private static final int MOST_URLS = 100;
    private static final Shape<String> MASTER = Scalars.text(NamedSections.NAME_RULE, NamedSections.NAME);
    private static final Shape<String> USER =
            Scalars.text("a user's name without blanks", Pattern.compile("[^\\s\\p{Cntrl}]{1,256}"));
    private static final Shape<String> PASSWORD =
            Scalars.text("a password of at least one character", Pattern.compile("(?s).+"));
    private static final Shape<String> PREFIX = Scalars.text(
            "a prefix of 1 to 32 letters, digits, \".\", \"_\" or \"-\"", Pattern.compile("[A-Za-z0-9._-]{1,32}"));
    private static final Shape<Duration> CONNECT = Durations.between(Duration.ofMillis(10), Duration.ofMinutes(1));
    private static final Shape<Duration> COMMAND = Durations.between(Duration.ofMillis(50), Duration.ofSeconds(10));
    private static final Shape<Duration> HOLD = Durations.between(Duration.ofSeconds(1), Duration.ofSeconds(60));
    private static final Shape<Duration> AWAY = Durations.between(Duration.ofSeconds(5), Duration.ofHours(1));

    static final Shape<TableConfig> TABLE =
            Shape.of(EXPECTED, value -> value.section(EXPECTED).flatMap(TableReader::table));

    private TableReader() {}

    private static Optional<TableConfig> table(Section section) {
        // Which keys belong to an unknown type is unknown.
        Optional<String> type = section.need("type", TYPE);
        if (type.isEmpty()) {
            return Optional.empty();
        }
        if (type.get().equals(REDIS)) {
            return redis(section);
        }
        section.end();
        return Optional.of(new TableConfig.Memory());
    }

    private static Optional<TableConfig> redis(Section section) {
        Mode mode = section.find("mode", MODE).orElse(Mode.STANDALONE);
        Optional<List<URI>> urls = urls(section, mode);
        String master = section.find("master", MASTER).orElse(Redis.MASTER);
        Optional<String> user = section.find("user", USER);
        Optional<String> password = section.find("password", PASSWORD);
        int database = section.find("database", Scalars.whole(0, 65_535)).orElse(0);
        String prefix = section.find("prefix", PREFIX).orElse(Redis.PREFIX);
        Optional<Path> trust = section.find("trust", FilePaths.readable("a PEM file with certificate authorities"));
        Duration connect = section.find("connectTimeout", CONNECT).orElse(Redis.CONNECT_TIMEOUT);
        Duration timeout = section.find("timeout", COMMAND).orElse(Redis.TIMEOUT);
        Duration hold = section.find("hold", HOLD).orElse(Redis.HOLD);
        Duration away = section.find("awayMax", AWAY).orElse(Redis.AWAY_MAX);
        int remember = section.find("remember", Scalars.whole(100, 10_000_000)).orElse(Redis.REMEMBER);
        Optional<List<IdKey>> keys = section.need("keys", SecretKeys.of(1, IdKey::new));
        section.end();
        refuseWhatDoesNotFit(section, mode, urls);
        return urls.flatMap(list -> keys.map(some -> new Redis(
                mode,
                list,
                master,
                user,
                password,
                database,
                prefix,
                trust,
                connect,
                timeout,
                hold,
                away,
                remember,
                some,
                TableConfig.Leases.PROMISED)));
    }

    /** What stands under {@code url} or {@code urls}, which mean the same. */
    private static Optional<List<URI>> urls(Section section, Mode mode) {
        Shape<URI> url = RedisAddress.url(mode == Mode.SENTINEL ? RedisAddress.SENTINEL_PORT : RedisAddress.PORT);
        Shape<List<URI>> several = Lists.of("urls such as \"redis://127.0.0.1:6379\"", url, 1, MOST_URLS);
        Optional<Value> list = section.take("urls");
        Optional<Value> one = section.take("url");
        if (list.isEmpty()) {
            return section.need("url", url).map(List::of);
        }
        Optional<List<URI>> read = several.read(list.get());
        one.ifPresent(value -> value.refuse("none beside urls, which takes one too"));
        return read.filter(some -> !some.isEmpty());
    }

    private static void refuseWhatDoesNotFit(Section section, Mode mode, Optional<List<URI>> urls) {
        if (mode != Mode.SENTINEL) {
            section.take("master")
                    .ifPresent(value ->
                            value.refuse("none; only in \"mode\": \"sentinel\" is a master looked for by name"));
        }
        if (mode == Mode.CLUSTER) {
            section.take("database").ifPresent(value -> value.refuse("none; a cluster has no other database than 0"));
        }
        if (section.take("password").isEmpty()) {
            section.take("user").ifPresent(value -> value.refuse("a password beside it"));
        }
        urls.ifPresent(list -> {
            Optional<Value> said = section.take("urls");
            if (mode == Mode.STANDALONE && list.size() > 1) {
                said.ifPresent(value -> value.refuse(
                        "one url, or \"mode\": \"sentinel\" or \"cluster\" beside several; alone there is one server"));
            } else if (list.stream().map(URI::getScheme).distinct().count() > 1) {
                said.ifPresent(value -> value.refuse("urls that all begin with redis://, or all with rediss://"));
            } else if (!list.get(0).getScheme().equals("rediss")) {
                section.take("trust").ifPresent(value -> value.refuse("none with redis://; rediss:// is TLS"));
            }
        });
    }
}
