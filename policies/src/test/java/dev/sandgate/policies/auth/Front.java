package dev.sandgate.policies.auth;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sandgate.affinity.kit.ManualAlarms;
import dev.sandgate.affinity.kit.ManualClock;
import dev.sandgate.conf.PolicyConfig;
import dev.sandgate.conf.PolicyConfig.ApiKey;
import dev.sandgate.conf.PolicyConfig.ApiKeys;
import dev.sandgate.conf.PolicyConfig.Authenticate;
import dev.sandgate.conf.PolicyConfig.Caller;
import dev.sandgate.conf.PolicyConfig.Claims;
import dev.sandgate.conf.PolicyConfig.Jwt;
import dev.sandgate.policies.Policy;
import dev.sandgate.policies.Principal;
import dev.sandgate.policies.Seen;
import dev.sandgate.policies.Surroundings;
import dev.sandgate.policies.Verdict;
import dev.sandgate.policies.Verdict.Change;
import dev.sandgate.policies.Verdict.Later;
import dev.sandgate.policies.Verdict.Refuse;
import dev.sandgate.policies.kit.PlainSeen;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.LoggerFactory;

/** Everything around an authentication: time that is told to pass, a shelf of documents, one issuer, and the log. */
final class Front implements AutoCloseable {

    static final String ISSUER = "https://id.test/";
    static final URI KEYS = URI.create("https://id.test/jwks.json");
    static final Set<String> ALGORITHMS =
            Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512");
    static final Duration SKEW = Duration.ofSeconds(30);
    static final Duration REFRESH = Duration.ofMinutes(5);
    static final Instant START = Instant.parse("2026-11-22T12:00:00Z");

    final Shelf shelf = new Shelf();
    final ManualClock clock = new ManualClock();
    final ManualAlarms alarms = new ManualAlarms(clock);

    private final long zero = clock.getAsLong();
    private final Logger logger = (Logger) LoggerFactory.getLogger(Authentication.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private Optional<Authentication> made = Optional.empty();

    Front() {
        log.start();
        logger.addAppender(log);
    }

    Surroundings surroundings() {
        return new Surroundings(clock, this::now, alarms, shelf, Optional.empty());
    }

    Instant now() {
        return START.plusNanos(clock.getAsLong() - zero);
    }

    void advance(Duration by) {
        alarms.advance(by);
    }

    static Jwt jwt() {
        return new Jwt(ISSUER, List.of("tools"), KEYS, ALGORITHMS, SKEW, REFRESH, Claims.DEFAULT, false);
    }

    /** Of another issuer. */
    static Jwt jwt(String issuer, URI keys) {
        return new Jwt(issuer, List.of("tools"), keys, ALGORITHMS, SKEW, REFRESH, Claims.DEFAULT, false);
    }

    static Jwt jwt(Claims claims) {
        return new Jwt(ISSUER, List.of("tools"), KEYS, ALGORITHMS, SKEW, REFRESH, claims, false);
    }

    static ApiKey key(String key, Caller caller) {
        return new ApiKey("sha256:" + HexFormat.of().formatHex(sha256(key)), caller);
    }

    static ApiKeys keys(String header, ApiKey... keys) {
        return new ApiKeys(header, List.of(keys), Optional.empty(), false);
    }

    static Caller caller(String subject) {
        return new Caller(subject, "", Set.of(), "");
    }

    static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Makes the policy, which has the front closed with it. */
    Policy open(PolicyConfig.Authenticator... by) {
        return open(new Authenticate("who", List.of(by), false, Optional.empty()));
    }

    Policy open(Authenticate config) {
        Authentication policy = (Authentication) Authentication.of(config, surroundings());
        made = Optional.of(policy);
        return policy;
    }

    /** What a good token says now. */
    JsonObject claims() {
        long now = now().getEpochSecond();
        return new JsonObject()
                .put("iss", ISSUER)
                .put("sub", "alice")
                .put("aud", "tools")
                .put("iat", now)
                .put("exp", now + 3600);
    }

    String good(Signer signer) {
        return signer.token(claims().encode());
    }

    static PlainSeen bearing(String token) {
        return authorized("Bearer " + token);
    }

    static PlainSeen authorized(String field) {
        return PlainSeen.get("/mcp").with("Authorization", field);
    }

    /** What it comes to, after a second or two where it must ask elsewhere. */
    Verdict settled(Policy policy, Seen seen) {
        Verdict verdict = policy.check(seen);
        if (!(verdict instanceof Later later)) {
            return verdict;
        }
        for (int second = 0; second < 3 && !later.verdict().isComplete(); second++) {
            advance(Duration.ofSeconds(1));
        }
        return later.verdict().result();
    }

    Principal principal(Policy policy, Seen seen) {
        return settled(policy, seen) instanceof Change change ? change.principal() : refusedBy(policy, seen);
    }

    private Principal refusedBy(Policy policy, Seen seen) {
        throw new AssertionError("it was refused: " + settled(policy, seen));
    }

    Refuse refusal(Policy policy, Seen seen) {
        Verdict verdict = settled(policy, seen);
        if (verdict instanceof Refuse refuse) {
            return refuse;
        }
        throw new AssertionError("it was let in: " + verdict);
    }

    /** Lines of the log above INFO. */
    List<String> warnings() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Override
    public void close() {
        made.ifPresent(Authentication::close);
        logger.detachAppender(log);
        if (alarms.set() > 0) {
            throw new AssertionError(alarms.set() + " alarms are left");
        }
    }
}
