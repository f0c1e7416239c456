package dev.sandgate.proxy.acme;

import dev.sandgate.affinity.Shelf;
import dev.sandgate.conf.AcmeConfig;
import io.vertx.core.buffer.Buffer;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.PollableResource;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.challenge.Http01Challenge;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeLazyLoadingException;
import org.shredzone.acme4j.exception.AcmeProtocolException;
import org.shredzone.acme4j.exception.AcmeServerException;
import org.shredzone.acme4j.provider.GenericAcmeProvider;

/** The authority that orders go to. Every method waits for it: call them on threads that may. Safe from several. */
final class Authority {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration FIRST_POLL = Duration.ofMillis(200);
    private static final Duration LONGEST_POLL = Duration.ofSeconds(10);
    private static final Set<Status> OVER = EnumSet.of(Status.VALID, Status.INVALID);
    private static final Set<Status> PROVEN = EnumSet.of(Status.READY, Status.VALID, Status.INVALID);
    private static final String NO_ACCOUNT = "urn:ietf:params:acme:error:accountDoesNotExist";

    /** What an order asks of whoever has it under way. */
    interface Steps {

        /** Returns once every node answers this token so. */
        void show(String token, String authorization) throws Stopped, AuthorityFault;

        /** No node need answer it any more. */
        void hide(String token);

        /** Waits, and looks whether the order is still ours. */
        void pause(Duration length) throws Stopped, AuthorityFault;
    }

    private final AcmeConfig config;
    private final Shelf accounts;
    private volatile @Nullable Session session;
    private volatile @Nullable Login login;

    /**
     * One that was not spoken to yet; {@link #trust} comes before anything else.
     *
     * @param accounts where the account's key stands
     */
    Authority(AcmeConfig config, Shelf accounts) {
        this.config = config;
        this.accounts = accounts;
    }

    /**
     * Makes it ready.
     *
     * @param vouching who vouches for the directory's server, in PEM; empty: whom the JDK trusts
     * @throws IllegalArgumentException that cannot be read
     */
    void trust(Optional<Buffer> vouching) {
        Session made = new Session(config.directory(), new Provider(vouching.map(PemTrust::of)));
        made.setLocale(Locale.ENGLISH);
        made.networkSettings().setTimeout(PATIENCE);
        session = made;
    }

    private static final class Provider extends GenericAcmeProvider {

        private final Optional<SSLContext> trust;

        Provider(Optional<SSLContext> trust) {
            this.trust = trust;
        }

        @Override
        public HttpClient createHttpClient(NetworkSettings settings) {
            HttpClient.Builder client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NORMAL)
                    .connectTimeout(settings.getTimeout());
            trust.ifPresent(client::sslContext);
            return client.build();
        }
    }

    /** The chain for this key, leaf first, once the name is proven. */
    List<X509Certificate> certificate(String name, KeyPair key, Steps steps) throws AuthorityFault, Stopped {
        try {
            Order order = login().newOrder().domain(name).create();
            for (Authorization authorization : order.getAuthorizations()) {
                prove(authorization, steps);
            }
            if (poll(order, PROVEN, steps) == Status.READY) {
                steps.pause(Duration.ZERO);
                order.execute(key);
            }
            if (poll(order, OVER, steps) == Status.INVALID) {
                throw order.getError()
                        .map(AuthorityFault::of)
                        .orElseGet(() -> AuthorityFault.of("invalid", "the authority gave the order up"));
            }
            return order.getCertificate().getCertificateChain();
        } catch (AcmeServerException told) {
            forgetAccount(told);
            throw AuthorityFault.of(told);
        } catch (AcmeException why) {
            throw AuthorityFault.of(why);
        } catch (AcmeLazyLoadingException why) {
            throw why.getCause() instanceof AcmeException told ? AuthorityFault.of(told) : malformed(why);
        } catch (AcmeProtocolException why) {
            throw malformed(why);
        }
    }

    private static AuthorityFault malformed(RuntimeException why) {
        return AuthorityFault.of("malformed answer", String.valueOf(why.getMessage()));
    }

    private static void prove(Authorization authorization, Steps steps) throws AcmeException, AuthorityFault, Stopped {
        if (authorization.getStatus() == Status.VALID) {
            // proven by an earlier order
            return;
        }
        Http01Challenge challenge = authorization
                .findChallenge(Http01Challenge.class)
                .orElseThrow(
                        () -> AuthorityFault.of("no http-01", "the authority asks for another proof than HTTP-01"));
        String token = challenge.getToken();
        try {
            steps.show(token, challenge.getAuthorization());
            challenge.trigger();
            if (poll(authorization, OVER, steps) == Status.INVALID) {
                challenge.fetch();
                throw error(challenge);
            }
        } finally {
            steps.hide(token);
        }
    }

    private static AuthorityFault error(Challenge challenge) {
        return challenge
                .getError()
                .map(AuthorityFault::of)
                .orElseGet(() -> AuthorityFault.of("invalid", "the authority found no proof"));
    }

    /** Asks again and again, as often as the authority wants it. */
    private static Status poll(PollableResource asked, Set<Status> ends, Steps steps)
            throws AcmeException, AuthorityFault, Stopped {
        Duration usual = FIRST_POLL;
        Duration wait = usual;
        while (!ends.contains(asked.getStatus())) {
            steps.pause(wait);
            usual = shorter(usual.multipliedBy(2), LONGEST_POLL);
            wait = asked.fetch().map(Authority::untilThen).orElse(usual);
        }
        return asked.getStatus();
    }

    private static Duration untilThen(Instant retryAt) {
        Duration told = Duration.between(Instant.now(), retryAt);
        return told.isNegative() ? FIRST_POLL : shorter(told, LONGEST_POLL.multipliedBy(6));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    // Where two orders come here at once, both open the same account: it goes by its key.
    private Login login() throws AuthorityFault {
        Login known = login;
        if (known != null) {
            return known;
        }
        Session session = Objects.requireNonNull(this.session, "nobody is trusted yet");
        try {
            Account account = Account.of(accounts, config.directory());
            Login opened = account.location().isPresent()
                    ? session.login(URI.create(account.location().get()).toURL(), account.key())
                    : open(session, account);
            login = opened;
            return opened;
        } catch (AcmeException why) {
            throw AuthorityFault.of(why).inGeneral();
        } catch (GeneralSecurityException | MalformedURLException | RuntimeException why) {
            if (why instanceof Waiting.Away away) {
                throw away;
            }
            // what stands there is secret, and may be quoted in the text
            throw AuthorityFault.of("no account", why.getClass().getSimpleName())
                    .inGeneral();
        }
    }

    private Login open(Session session, Account account) throws AcmeException {
        AccountBuilder asked = new AccountBuilder().agreeToTermsOfService().useKeyPair(account.key());
        config.contacts().forEach(asked::addContact);
        config.account().ifPresent(bound -> asked.withKeyIdentifier(bound.id(), bound.key()));
        Login opened = asked.createLogin(session);
        account.tell(
                accounts,
                config.directory(),
                Optional.of(opened.getAccountLocation().toString()));
        return opened;
    }

    /** An authority that lost its accounts gets a new one, by the same key. */
    private void forgetAccount(AcmeServerException told) {
        if (!told.getType().toString().equals(NO_ACCOUNT)) {
            return;
        }
        login = null;
        try {
            Account.of(accounts, config.directory()).tell(accounts, config.directory(), Optional.empty());
        } catch (GeneralSecurityException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }
}
