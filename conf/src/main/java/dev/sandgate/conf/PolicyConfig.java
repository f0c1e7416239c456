package dev.sandgate.conf;

import inet.ipaddr.IPAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a route asks of a request before it is forwarded. Stands in the route's own list, or under {@code policies} at
 * the top, where routes name it: then they share what it counts.
 */
public sealed interface PolicyConfig {

    /**
     * In refusals, the log and metrics; no two policies of a file share one: its key under {@code policies}, else the
     * route's name, a slash and the kind, with {@code -2} after it for the second of a kind.
     */
    String name();

    /**
     * Who calls.
     *
     * @param by ways of telling, in this order: the first whose credential is there decides; never empty
     * @param optional whether those who bring no credential come in as nobody in particular
     * @param resource what OAuth clients are told about where tokens come from; empty: nothing
     */
    record Authenticate(String name, List<Authenticator> by, boolean optional, Optional<Resource> resource)
            implements PolicyConfig {}

    /**
     * Who may do what. The first rule that takes a request decides.
     *
     * @param scopes that a caller must have, all of them; empty: none asked
     * @param rules in this order
     * @param otherwise whether what no rule takes may pass
     */
    record Authorize(String name, Set<String> scopes, List<Rule> rules, boolean otherwise) implements PolicyConfig {}

    /**
     * How often.
     *
     * @param key whose requests are counted together
     * @param permits in each {@code per}, 1 to 1,000,000
     * @param per 100 ms to 1 d
     * @param burst permits that come at once, 1 to {@code permits}; {@code per * burst / permits} later come as many
     * @param scope whether each node counts for itself
     * @param away what happens to a fleet's limit while Redis is away
     * @param keys remembered at most, 1,000 to 10,000,000; beyond that those go that were not used for the longest time
     */
    record RateLimit(String name, Key key, int permits, Duration per, int burst, Scope scope, Away away, int keys)
            implements PolicyConfig {}

    /**
     * How many requests at the same time, on this node.
     *
     * @param key whose requests are counted together
     * @param requests streams among them; 0: any number
     * @param streams WebSockets, and requests that ask for nothing but an event stream; 0: any number
     */
    record Concurrency(String name, Key key, int requests, int streams) implements PolicyConfig {}

    /**
     * How many sessions that were opened through this node live at the same time.
     *
     * @param key whose sessions are counted together; never by session
     * @param max at least 1
     */
    record SessionQuota(String name, Key key, int max) implements PolicyConfig {}

    /**
     * Which new sessions are refused before the pool's queue is full.
     *
     * @param classes how full the queue may be for whom, in percent, 0 to 100, by the caller's class; who has none of
     *     these is held to {@code otherwise}
     * @param otherwise in percent
     */
    record Shed(String name, Map<String, Integer> classes, int otherwise) implements PolicyConfig {}

    /**
     * How many bytes may go by, on this node: counted as long as the key lives, a session's until it is over.
     *
     * @param key whose bytes are counted together; always by session
     * @param upload of requests' bodies and what clients send through WebSockets; empty: any number
     * @param download of answers' bodies and what clients get through WebSockets; empty: any number
     */
    record ByteBudget(String name, Key key, OptionalLong upload, OptionalLong download) implements PolicyConfig {}

    /** One way of telling who calls. */
    sealed interface Authenticator {

        /**
         * First part of the principal, and its name in the log: {@code apiKey}, {@code jwt}, {@code introspection},
         * {@code clientCertificate} or {@code header}.
         */
        String kind();
    }

    /**
     * Keys that we know the hashes of.
     *
     * @param header in which the key stands; with {@code Authorization} behind the scheme {@code Bearer} or
     *     {@code ApiKey}
     * @param keys from the config
     * @param file with more of them, read again when it changes; empty: none
     * @param forward whether the instance gets to see the key
     */
    record ApiKeys(String header, List<ApiKey> keys, Optional<Path> file, boolean forward) implements Authenticator {

        @Override
        public String kind() {
            return "apiKey";
        }
    }

    /**
     * One key.
     *
     * @param hash {@code sha256:} and 64 hexadecimal digits
     * @param caller whose it is
     */
    record ApiKey(String hash, Caller caller) {

        /** Neither hash nor owner: both are nobody's business in a log. */
        @Override
        public String toString() {
            return "ApiKey";
        }
    }

    /**
     * Who a key's owner is.
     *
     * @param subject not empty
     * @param tenant empty: none
     * @param priority the class, as policies name it; empty: none
     */
    record Caller(String subject, String tenant, Set<String> scopes, String priority) {}

    /**
     * Tokens (RFC 7519), signed by a key of a set (RFC 7517).
     *
     * @param issuer that {@code iss} must be
     * @param audiences of which {@code aud} must name one; never empty
     * @param keys where the set is: an https, http or file URI
     * @param algorithms that are taken; asymmetric ones only, never empty
     * @param skew that clocks may differ by
     * @param refresh how often the set is read again
     * @param claims which claims tell what
     * @param forward whether the instance gets to see the token
     */
    record Jwt(
            String issuer,
            List<String> audiences,
            URI keys,
            Set<String> algorithms,
            Duration skew,
            Duration refresh,
            Claims claims,
            boolean forward)
            implements Authenticator {

        @Override
        public String kind() {
            return "jwt";
        }
    }

    /**
     * Tokens that only their issuer can read: it is asked about each (RFC 7662).
     *
     * @param issuer names whose they are, in the principal
     * @param url of the introspection endpoint, https, or http on loopback
     * @param clientId as whom we ask, by HTTP Basic
     * @param clientSecret the password
     * @param audiences of which {@code aud} must name one; empty: any, and none
     * @param cache for how long an answer is believed, at most until the token's {@code exp}; zero: asked each time
     * @param claims which members of the answer tell what
     * @param forward whether the instance gets to see the token
     */
    record Introspection(
            String issuer,
            URI url,
            String clientId,
            String clientSecret,
            List<String> audiences,
            Duration cache,
            Claims claims,
            boolean forward)
            implements Authenticator {

        @Override
        public String kind() {
            return "introspection";
        }

        /** Without the secret. */
        @Override
        public String toString() {
            return "Introspection[" + url + "]";
        }
    }

    /**
     * The certificate with which a client's own TLS connection was made; its listener says who may vouch for it.
     *
     * @param subject which part of it names the caller
     */
    record ClientCertificate(NamedBy subject) implements Authenticator {

        @Override
        public String kind() {
            return "clientCertificate";
        }
    }

    /** Parts of a certificate that name whose it is. */
    enum NamedBy {
        /** The last common name of the subject. */
        COMMON_NAME,
        /** The first subject alternative name that is a DNS name. */
        DNS_NAME,
        /** The first subject alternative name that is a URI (SPIFFE). */
        URI,
        /** The first subject alternative name that is an e-mail address. */
        EMAIL
    }

    /**
     * Which claim of a token tells what.
     *
     * @param subject must be there
     * @param tenant empty: nothing tells it
     * @param scopes a text with blanks between, or a list of texts
     * @param priority empty: nothing tells it
     */
    record Claims(String subject, String tenant, String scopes, String priority) {

        public static final Claims DEFAULT = new Claims("sub", "", "scope", "");
    }

    /**
     * What a trusted proxy says of the caller; from anyone else these fields are taken out.
     *
     * @param header with the subject
     * @param tenant the field with the tenant; empty: none
     * @param scopes the field with scopes, blanks between; empty: none
     * @param priority the field with the class; empty: none
     */
    record TrustedHeader(String header, String tenant, String scopes, String priority) implements Authenticator {

        @Override
        public String kind() {
            return "header";
        }
    }

    /**
     * What {@code /.well-known/oauth-protected-resource} says (RFC 9728).
     *
     * @param url as clients know the resource, absolute, without a fragment
     * @param authorizationServers issuers of tokens for it; never empty
     * @param scopes that clients may ask for; empty: untold
     */
    record Resource(URI url, List<URI> authorizationServers, List<String> scopes) {}

    /**
     * One rule: takes a request of which all that it names is true. What is empty is not asked.
     *
     * @param allow whether what it takes may pass
     * @param methods upper case
     * @param paths prefixes by segment
     * @param principals {@code authenticator:issuer|subject}, or a subject alone
     * @param tenants of callers
     * @param scopes of which a caller must have all
     * @param ranges addresses of clients, {@code 10.0.0.0/8} or {@code 2001:db8::/32}
     */
    record Rule(
            boolean allow,
            Set<String> methods,
            List<String> paths,
            Set<String> principals,
            Set<String> tenants,
            Set<String> scopes,
            List<IPAddress> ranges) {}

    /**
     * Whose requests are counted together: those that are the same in all of these.
     *
     * @param parts never empty, each once
     * @param ipv6Prefix bits of an IPv6 address that stand for one client, 1 to 128
     */
    record Key(List<Part> parts, int ipv6Prefix) {

        public static final int IPV6_PREFIX = 64;
    }

    /** Something that requests have in common. */
    enum Part {
        /** The client's address. */
        IP,
        /** The caller; all who are nobody in particular share one. */
        PRINCIPAL,
        /** The caller's tenant; all who have none share one. */
        TENANT,
        /** The session; requests without one are not counted. */
        SESSION,
        /** The route. */
        ROUTE,
        /** The pool. */
        POOL,
        /** The {@code Mcp-Name} field (MCP 2026-07-28): a tool, a prompt or a resource; requests without are not counted. */
        MCP_NAME
    }

    /** Who counts together. */
    enum Scope {
        /** Each node for itself. */
        NODE,
        /** All nodes that share the table, through Redis. */
        FLEET
    }

    /** What becomes of a fleet's limit while Redis is away. */
    enum Away {
        /** Nobody is refused. */
        OPEN,
        /** Everybody is. */
        CLOSED,
        /** Each node counts for itself. */
        LOCAL
    }
}
