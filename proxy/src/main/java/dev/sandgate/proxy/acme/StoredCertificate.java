package dev.sandgate.proxy.acme;

import dev.sandgate.proxy.tls.CertifiedKey;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A certificate for one name with its key, as it stands on the shelf.
 *
 * @param directory of the authority that gave it
 * @param gotAt by the wall clock of the node that ordered it
 */
record StoredCertificate(String directory, Instant gotAt, CertifiedKey key) {

    private static final long PARTS = 1000;

    /** Good for the one name that was ordered. */
    static CertifiedKey keyOf(String name, PrivateKey key, List<X509Certificate> chain) {
        return new CertifiedKey(key, List.copyOf(chain), Set.of(name));
    }

    static StoredCertificate read(String name, Buffer value) throws GeneralSecurityException {
        JsonObject told = value.toJsonObject();
        PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(told.getBinary("key")));
        CertificateFactory reader = CertificateFactory.getInstance("X.509");
        List<X509Certificate> chain = new ArrayList<>();
        JsonArray links = told.getJsonArray("chain");
        for (int at = 0; at < links.size(); at++) {
            chain.add((X509Certificate) reader.generateCertificate(new ByteArrayInputStream(links.getBinary(at))));
        }
        return new StoredCertificate(
                told.getString("directory"), Instant.ofEpochMilli(told.getLong("gotAt")), keyOf(name, key, chain));
    }

    Buffer written() throws GeneralSecurityException {
        JsonArray links = new JsonArray();
        for (X509Certificate link : key.chain()) {
            links.add(link.getEncoded());
        }
        return new JsonObject()
                .put("directory", directory)
                .put("gotAt", gotAt.toEpochMilli())
                .put("key", key.key().getEncoded())
                .put("chain", links)
                .toBuffer();
    }

    X509Certificate leaf() {
        return key.chain().get(0);
    }

    Instant until() {
        return leaf().getNotAfter().toInstant();
    }

    /**
     * When a new one is due: after two thirds of its life, less up to a thirtieth that goes by its serial number. So all nodes
     * agree, and what was ordered at once is not renewed at once. Nor is it before it was here for a tenth of its life, however
     * wrong a clock is: else a node whose clock is far ahead would order without end.
     */
    Instant renewAt() {
        Instant from = leaf().getNotBefore().toInstant();
        Duration life = Duration.between(from, until());
        long share = PARTS * 2 / 3 - Math.floorMod(leaf().getSerialNumber().hashCode(), PARTS / 30);
        Instant usual = from.plusMillis(life.toMillis() / PARTS * share);
        Instant earliest = gotAt.plus(life.dividedBy(10));
        return usual.isBefore(earliest) ? earliest : usual;
    }
}
