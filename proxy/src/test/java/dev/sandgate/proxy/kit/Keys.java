package dev.sandgate.proxy.kit;

import dev.sandgate.conf.PolicyConfig.ApiKey;
import dev.sandgate.conf.PolicyConfig.ApiKeys;
import dev.sandgate.conf.PolicyConfig.Authenticate;
import dev.sandgate.conf.PolicyConfig.Caller;
import dev.sandgate.conf.PolicyConfig.Resource;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Callers who bring an API key; the key of {@code alice} is {@code alice-key}. */
public final class Keys {

    private Keys() {}

    /** Lets only these in. */
    public static Authenticate of(String... subjects) {
        return of(Optional.empty(), subjects);
    }

    /** The same for a resource that OAuth clients are told of. */
    public static Authenticate of(Optional<Resource> resource, String... subjects) {
        List<ApiKey> keys = Arrays.stream(subjects)
                .map(subject ->
                        new ApiKey("sha256:" + sha256(subject + "-key"), new Caller(subject, "", Set.of(), subject)))
                .toList();
        return new Authenticate(
                "main/authenticate", List.of(new ApiKeys("X-API-Key", keys, Optional.empty(), false)), false, resource);
    }

    /** The line of a request by which a caller shows the key. */
    public static String line(String subject) {
        return "X-API-Key: " + subject + "-key";
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException(missing);
        }
    }
}
