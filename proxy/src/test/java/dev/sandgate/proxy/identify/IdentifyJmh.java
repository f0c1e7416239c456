package dev.sandgate.proxy.identify;

import dev.sandgate.affinity.Instance;
import dev.sandgate.affinity.Vouch;
import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.conf.AffinityConfig.CookieKey;
import dev.sandgate.conf.TableConfig.IdKey;
import dev.sandgate.proxy.inbound.Inbound;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Whose request it is, read from a head of ten fields. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class IdentifyJmh {

    private static final String POOL = "python";
    private static final String ID = "0af76519-16cd-43dd-8448-eb211c80319c";
    private static final List<CookieKey> COOKIE_KEYS =
            List.of(new CookieKey("2026-11", "a secret of 32 characters or more"));
    private static final AffinityConfig HEADER = new AffinityConfig.Header("X-Session-Id", false);
    private static final AffinityConfig COOKIE = new AffinityConfig.Cookie("sandgate", false, COOKIE_KEYS);
    private static final AffinityConfig MCP =
            new AffinityConfig.Mcp(List.of(), AffinityConfig.Mcp.DEFAULT_ID_PARAMETERS, List.of());
    private static final Seal COOKIE_SEAL = Seal.ofCookie(COOKIE_KEYS, POOL, "sandgate");
    private static final Seal ID_SEAL = Seal.ofIds(List.of(new IdKey("2026-11", "a secret of the table's keys")), POOL);
    private static final Optional<Vouch> NOTHING = Optional.empty();
    private static final Vouch VOUCH = new Vouch(
            new Instance(POOL, "http://10.42.0.17:8080", "7c1e6f1a", "10.42.0.17", 8080),
            1_795_324_340_035_700L,
            1_795_324_340_035L,
            "bWFyayBvZiB0aGUgdGFibGU");

    /** Where the id stands. */
    public enum Brought {
        /** In a request header. */
        HEADER("", "X-Session-Id: " + ID),
        /** In our sealed cookie, behind another's. */
        COOKIE("", "Cookie: theme=dark; sandgate=" + COOKIE_SEAL.seal(ID, NOTHING)),
        /** The same with the binding in it, as it is with a table in Redis. */
        COOKIE_WITH_BINDING("", "Cookie: theme=dark; sandgate=" + COOKIE_SEAL.seal(ID, Optional.of(VOUCH))),
        /** In {@code Mcp-Session-Id}. */
        MCP("", "Mcp-Session-Id: " + ID),
        /** In {@code Mcp-Session-Id}, sealed. */
        MCP_SEALED("", "Mcp-Session-Id: " + ID_SEAL.seal(ID, NOTHING)),
        /** In the messages URL of HTTP+SSE. */
        MCP_SSE("?sessionId=" + ID, "X-Trace: none"),
        /** Nowhere: it opens an MCP session. */
        NONE("", "X-Trace: none");

        private final String query;
        private final String line;

        Brought(String query, String line) {
            this.query = query;
            this.line = line;
        }

        private String head() {
            return """
                    POST /mcp%s HTTP/1.1
                    Host: door.test
                    User-Agent: a-client/1.0
                    Accept: application/json, text/event-stream
                    Accept-Encoding: identity
                    Accept-Language: en
                    Content-Type: application/json
                    Content-Length: 120
                    Cache-Control: no-cache
                    Mcp-Protocol-Version: 2025-11-25
                    %s
                    """.formatted(query, line);
        }

        private Identifier identifier() {
            AffinityConfig source =
                    switch (this) {
                        case HEADER -> IdentifyJmh.HEADER;
                        case COOKIE, COOKIE_WITH_BINDING -> IdentifyJmh.COOKIE;
                        case MCP, MCP_SEALED, MCP_SSE, NONE -> IdentifyJmh.MCP;
                    };
            return new Identifier(POOL, List.of(source), this == MCP_SEALED ? Optional.of(ID_SEAL) : Optional.empty());
        }
    }

    /** Where the id stands. */
    @Param
    private Brought brought = Brought.HEADER;

    private final StandingRequests requests = new StandingRequests();
    private Identifier identifier = brought.identifier();
    private Inbound inbound = requests.send(brought.head());

    /** Sends the request, and makes sure that it is read as meant. */
    @Setup
    public void send() {
        identifier = brought.identifier();
        inbound = requests.send(brought.head());
        boolean known =
                identify() instanceof Identified.Known named && named.key().id().endsWith(ID);
        if (known == (brought == Brought.NONE)) {
            throw new AssertionError(brought + " is read as " + identify());
        }
    }

    /** Hangs up. */
    @TearDown
    public void hangUp() {
        requests.close();
    }

    /** The session of a request. */
    @Benchmark
    public Identified identify() {
        return identifier.identify(inbound);
    }
}
