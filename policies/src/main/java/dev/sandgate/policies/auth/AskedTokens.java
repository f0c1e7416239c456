package dev.sandgate.policies.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sandgate.conf.PolicyConfig.Introspection;
import dev.sandgate.policies.Seen;
import dev.sandgate.policies.Surroundings;
import dev.sandgate.policies.Surroundings.Form;
import io.vertx.core.AsyncResult;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows callers by tokens that their issuer is asked about (RFC 7662): once for all who bring a token at the same time, and
 * again when what it said is no longer believed. Tokens of a neighbour's issuer are left to the neighbour. What is kept of
 * a token is its hash.
 */
final class AskedTokens implements Authenticator {

    private static final Logger LOG = LoggerFactory.getLogger(Authentication.class);
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    /** Tokens that are remembered. */
    private static final int MOST = 100_000;
    /** Tokens that are asked about at the same time; who comes then is told to come again. */
    static final int MOST_UNDER_WAY = 1000;
    /** That a token is not good is believed no longer: it may become good. */
    private static final Duration LONGEST_NO = Duration.ofSeconds(5);

    /** RFC 6750 section 2.1. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    private static final Finding TWICE = new Finding.Flawed(Flaw.TWICE);
    private static final Finding MALFORMED = new Finding.Flawed(Flaw.MALFORMED);

    /**
     * What was said of a token.
     *
     * @param believedUntil by the clock that never goes back
     * @param endsAt in milliseconds since 1970
     */
    private record Said(Finding finding, long believedUntil, long endsAt) {}

    private final Introspection config;
    private final Surroundings surroundings;
    private final Neighbours neighbours;
    private final AnswerRules rules;
    private final String authorization;
    private final Cache<ByteBuffer, Said> known;
    private final Map<ByteBuffer, Promise<Finding>> underWay = new ConcurrentHashMap<>();
    private volatile boolean closed;
    private boolean told;
    private long lastTold;

    AskedTokens(Introspection config, Withheld withheld, Surroundings surroundings, Neighbours neighbours) {
        this.config = config;
        this.surroundings = surroundings;
        this.neighbours = neighbours;
        this.rules = new AnswerRules(config, withheld, surroundings.clock());
        // both are written as in a form first (RFC 6749 section 2.3.1)
        String client =
                URLEncoder.encode(config.clientId(), UTF_8) + ":" + URLEncoder.encode(config.clientSecret(), UTF_8);
        this.authorization = "Basic " + Base64.getEncoder().encodeToString(client.getBytes(UTF_8));
        this.known = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(config.cache().plusNanos(1))
                .ticker(surroundings.nanos()::getAsLong)
                .executor(Runnable::run)
                .build();
    }

    @Override
    public Finding find(Seen seen) {
        List<String> values = seen.fields(Scheme.FIELD);
        if (values.isEmpty()) {
            return Finding.ABSENT;
        }
        if (values.size() > 1) {
            return TWICE;
        }
        Optional<String> token = Scheme.BEARER.credential(values.get(0));
        if (token.isEmpty() || neighbours.memory().find(values.get(0)) != null) {
            return Finding.ABSENT;
        }
        ByteBuffer hash = hash(token.get());
        Said said = known.getIfPresent(hash);
        if (said != null && isBelieved(said)) {
            return said.finding;
        }
        return isNeighbours(token.get()) ? Finding.ABSENT : ask(hash, token.get());
    }

    private boolean isBelieved(Said said) {
        return surroundings.nanos().getAsLong() - said.believedUntil < 0
                && surroundings.clock().millis() < said.endsAt;
    }

    private boolean isNeighbours(String token) {
        return neighbours.tokens()
                && CompactToken.read(token)
                        .filter(signed -> neighbours.issuers().contains(signed.issuer()))
                        .isPresent();
    }

    private static ByteBuffer hash(String token) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(token.getBytes(ISO_8859_1)));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }

    private Finding ask(ByteBuffer hash, String token) {
        if (token.length() > CompactToken.LONGEST || !TOKEN.matcher(token).matches()) {
            return MALFORMED;
        }
        Promise<Finding> promise = Promise.promise();
        Promise<Finding> before = underWay.get(hash);
        if (before == null && (closed || underWay.size() >= MOST_UNDER_WAY)) {
            return Finding.AWAY;
        }
        before = before == null ? underWay.putIfAbsent(hash, promise) : before;
        if (before != null) {
            return new Finding.Asked(before.future());
        }
        Form form = new Form(config.url(), authorization, "token=" + URLEncoder.encode(token, UTF_8));
        surroundings.documents().ask(form).onComplete(answer -> answered(hash, promise, answer));
        return new Finding.Asked(promise.future());
    }

    private void answered(ByteBuffer hash, Promise<Finding> promise, AsyncResult<Buffer> answer) {
        Finding finding = Finding.AWAY;
        try {
            if (answer.succeeded()) {
                Map<String, @Nullable Object> said =
                        StrictJson.object(answer.result().getBytes());
                finding = rules.judge(said);
                keep(hash, finding, rules.endsAt(said));
            } else {
                warn(String.valueOf(answer.cause().getMessage()));
            }
        } catch (IOException unreadable) {
            warn("its answer is not a JSON object with active, true or false");
        } finally {
            underWay.remove(hash, promise);
            promise.tryComplete(finding);
        }
    }

    private void keep(ByteBuffer hash, Finding finding, long endsAt) {
        boolean good = finding instanceof Finding.Known;
        Duration cache = config.cache();
        Duration believed = good || cache.compareTo(LONGEST_NO) < 0 ? cache : LONGEST_NO;
        if (!believed.isZero()) {
            long until = surroundings.nanos().getAsLong() + believed.toNanos();
            known.put(hash, new Said(finding, until, good ? endsAt : Long.MAX_VALUE));
        }
    }

    /** At most once a minute. */
    private synchronized void warn(String problem) {
        long now = surroundings.nanos().getAsLong();
        if (!closed && (!told || now - lastTold >= MINUTE)) {
            told = true;
            lastTold = now;
            LOG.warn(
                    "{} cannot be asked about tokens, which are refused meanwhile: {}",
                    config.url().getHost(),
                    problem);
        }
    }

    /** Whoever waits is told that nobody can say. */
    @Override
    public void close() {
        closed = true;
        underWay.values().forEach(waits -> waits.tryComplete(Finding.AWAY));
    }
}
