package dev.sandgate.proxy.acme;

import dev.sandgate.affinity.Shelf;
import dev.sandgate.affinity.Shelf.Item;
import dev.sandgate.proxy.shelf.UnreadableRecord;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Who we are at one authority: a key that all nodes share, and the account that it opens.
 *
 * @param location the account's URL; empty: it was not opened yet
 * @param version of the record
 */
record Account(KeyPair key, Optional<String> location, long version) {

    /** The name of an authority's records: short, and fit for any shelf. */
    static String nameOf(URI directory) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(directory.toString().getBytes(StandardCharsets.UTF_8));
            return "authority-" + HexFormat.of().formatHex(hash, 0, 8);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    /** The one on the shelf; a new one where there is none. Waits for the table. */
    static Account of(Shelf shelf, URI directory) throws GeneralSecurityException {
        String name = nameOf(directory);
        Optional<Item> stood = readable(shelf, name);
        if (stood.isEmpty()) {
            long version = Waiting.on(Waiting.version(shelf, name));
            Account made = new Account(newKey(), Optional.empty(), version + 1);
            if (Waiting.on(shelf.put(name, made.written(), version))) {
                return made;
            }
            // another node was faster: one key for all
            stood = readable(shelf, name);
        }
        return read(stood.orElseThrow(() -> new IllegalStateException("the account's key went while it was read")));
    }

    // One that no key of ours opens any more is of no use: the authority gives another account.
    private static Optional<Item> readable(Shelf shelf, String name) {
        return Waiting.on(shelf.get(name)
                .recover(why -> why instanceof UnreadableRecord
                        ? Future.succeededFuture(Optional.empty())
                        : Future.failedFuture(why)));
    }

    /** A new key on P-256, of an account or of a certificate. */
    static KeyPair newKey() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static Account read(Item item) throws GeneralSecurityException {
        JsonObject told = item.value().toJsonObject();
        KeyFactory keys = KeyFactory.getInstance("EC");
        KeyPair key = new KeyPair(
                keys.generatePublic(new X509EncodedKeySpec(told.getBinary("public"))),
                keys.generatePrivate(new PKCS8EncodedKeySpec(told.getBinary("private"))));
        return new Account(key, Optional.ofNullable(told.getString("location")), item.version());
    }

    private Buffer written() {
        JsonObject told = new JsonObject()
                .put("public", key.getPublic().getEncoded())
                .put("private", key.getPrivate().getEncoded());
        location.ifPresent(url -> told.put("location", url));
        return told.toBuffer();
    }

    /** Tells the other nodes where it is; what they said first stands. Waits for the table. */
    void tell(Shelf shelf, URI directory, Optional<String> opened) {
        Account told = new Account(key, opened, version + 1);
        Waiting.on(shelf.put(nameOf(directory), told.written(), version));
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "Account" + location;
    }
}
