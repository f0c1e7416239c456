package dev.sandgate.conf;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.sandgate.conf.PolicyConfig.ApiKey;
import dev.sandgate.conf.PolicyConfig.Caller;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A file of API keys: a JSON list of objects as they stand under {@code keys} of {@code apiKey}. Any thread. */
public final class ApiKeyFile {

    private ApiKeyFile() {}

    /**
     * Its keys.
     *
     * @throws IllegalArgumentException with what is wrong; it shows nothing of a key
     */
    public static List<ApiKey> read(String text) {
        List<ApiKey> keys = new ArrayList<>();
        try (JsonParser parser = new JsonFactory().createParser(text)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw new IllegalArgumentException("no list of keys");
            }
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                String hash = "";
                String subject = "";
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    String value = parser.nextTextValue();
                    hash = "hash".equals(name) ? value : hash;
                    subject = "subject".equals(name) ? value : subject;
                }
                keys.add(new ApiKey(hash, new Caller(subject, "", Set.of(), "")));
            }
            return keys;
        } catch (IOException broken) {
            throw new IllegalArgumentException("no list of keys", broken);
        }
    }
}
