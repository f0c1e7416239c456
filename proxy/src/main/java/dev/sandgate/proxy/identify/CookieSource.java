package dev.sandgate.proxy.identify;

import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.Source;
import dev.sandgate.affinity.Vouch;
import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.proxy.inbound.Inbound;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Optional;

/** Our own cookie: sealed, never seen nor set by an instance. One that does not open counts as absent. */
final class CookieSource implements SessionSource {

    private final String name;
    private final String secureName;
    private final List<String> names;
    private final Seal seal;

    CookieSource(AffinityConfig.Cookie config, String pool) {
        this.name = config.name();
        this.secureName = "__Host-" + name;
        this.names = List.of(name, secureName);
        this.seal = Seal.ofCookie(config.keys(), pool, config.name());
    }

    // The prefix makes a browser refuse the cookie from anything but this host over https (RFC 6265bis).
    private String nameFor(Inbound inbound) {
        return inbound.secure() ? secureName : name;
    }

    @Override
    public Source kind() {
        return Source.COOKIE;
    }

    @Override
    public Optional<String> read(Inbound inbound) {
        return Cookies.find(inbound, nameFor(inbound), seal::open);
    }

    @Override
    public Unknown unknown() {
        return Unknown.ABSENT;
    }

    @Override
    public List<SessionKey> named(String pool, String carried) {
        return seal.open(carried).map(id -> new SessionKey(pool, kind(), id, "")).stream()
                .toList();
    }

    @Override
    public boolean seals() {
        return true;
    }

    @Override
    public boolean makes() {
        return true;
    }

    @Override
    public void strip(Inbound inbound, MultiMap fields) {
        // both: a browser that came by http before sends that cookie by https too, and it is good as well
        Cookies.remove(fields, names);
    }

    @Override
    public Optional<Vouch> vouch(SessionKey key, Inbound inbound) {
        return Cookies.find(inbound, nameFor(inbound), value -> seal.vouch(value, key.pool(), key.id()));
    }

    @Override
    public void tellClient(Binding binding, Inbound inbound, MultiMap fields) {
        set(seal.seal(binding.key().id(), binding.vouch()), inbound, fields);
    }

    @Override
    public void forget(Inbound inbound, MultiMap fields) {
        set("; Max-Age=0", inbound, fields);
    }

    private void set(String value, Inbound inbound, MultiMap fields) {
        String secure = inbound.secure() ? "; Secure" : "";
        fields.add("Set-Cookie", nameFor(inbound) + "=" + value + "; Path=/; HttpOnly; SameSite=Lax" + secure);
    }

    /** An instance that sets our cookie does so in vain. */
    @Override
    public void undress(MultiMap fields) {
        Cookies.removeSet(fields, names::contains);
    }
}
