package dev.sandgate.policies.kit;

import dev.sandgate.affinity.SessionKey;
import dev.sandgate.policies.Principal;
import dev.sandgate.policies.Seen;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that says what a test wants it to say: until told otherwise a GET from 192.0.2.1, of nobody in particular, with
 * no session, in a pool whose queue is empty. Each word changes it and gives it back; asking it allocates nothing. For one
 * thread.
 */
public final class PlainSeen implements Seen {

    private final Map<String, List<String>> fields = new LinkedHashMap<>();
    private final String method;
    private final String path;
    private String client = "192.0.2.1";
    private List<X509Certificate> certificates = List.of();
    private boolean trusted;
    private boolean secure;
    private Principal principal = Principal.NOBODY;
    private @Nullable SessionKey session;
    private boolean opens;
    private boolean stream;
    private boolean mcp;
    private String route = "tools";
    private String pool = "python";
    private int queueFilled;

    private PlainSeen(String method, String path) {
        this.method = method;
        this.path = path;
    }

    public static PlainSeen get(String path) {
        return of("GET", path);
    }

    public static PlainSeen of(String method, String path) {
        return new PlainSeen(method, path);
    }

    /** One more line of a field. */
    public PlainSeen with(String field, String value) {
        fields.computeIfAbsent(field.toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                .add(value);
        return this;
    }

    public PlainSeen from(String address) {
        client = address;
        return this;
    }

    /** Its peer is a proxy that is believed. */
    public PlainSeen trusting() {
        trusted = true;
        return this;
    }

    public PlainSeen overTls() {
        secure = true;
        return this;
    }

    public PlainSeen by(Principal caller) {
        principal = caller;
        return this;
    }

    public PlainSeen in(SessionKey key) {
        session = key;
        return this;
    }

    /** A session of its own would be a new one. */
    public PlainSeen opening() {
        opens = true;
        return this;
    }

    /** It asks for a stream and nothing else. */
    public PlainSeen streaming() {
        stream = true;
        return this;
    }

    /** On a route that speaks MCP. */
    public PlainSeen onMcp() {
        mcp = true;
        return this;
    }

    public PlainSeen on(String name) {
        route = name;
        return this;
    }

    public PlainSeen to(String name) {
        pool = name;
        return this;
    }

    /** The pool's queue, in percent. */
    public PlainSeen filled(int percent) {
        queueFilled = percent;
        return this;
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public boolean secure() {
        return secure;
    }

    @Override
    public String host() {
        return "door.test";
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public @Nullable String field(String lowerCaseName) {
        List<String> values = fields.get(lowerCaseName);
        return values == null ? null : values.get(0);
    }

    @Override
    public List<String> fields(String lowerCaseName) {
        List<String> values = fields.get(lowerCaseName);
        return values == null ? List.of() : values;
    }

    @Override
    public String client() {
        return client;
    }

    /** Its TLS connection was made with this certificate. */
    public PlainSeen by(X509Certificate certificate) {
        certificates = List.of(certificate);
        return this;
    }

    @Override
    public List<X509Certificate> certificates() {
        return certificates;
    }

    @Override
    public boolean trusted() {
        return trusted;
    }

    @Override
    public Principal principal() {
        return principal;
    }

    @Override
    public @Nullable SessionKey session() {
        return session;
    }

    @Override
    public boolean opens() {
        return opens;
    }

    @Override
    public boolean stream() {
        return stream;
    }

    @Override
    public boolean mcp() {
        return mcp;
    }

    @Override
    public String route() {
        return route;
    }

    @Override
    public String pool() {
        return pool;
    }

    @Override
    public int queueFilled() {
        return queueFilled;
    }
}
