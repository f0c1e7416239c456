package dev.sandgate.affinity.redis;

import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.nio.charset.Charset;
import java.util.Iterator;
import java.util.List;

/**
 * What Redis said, read from a connection that waits for it.
 *
 * @param text of a word, a number or an error; each character a byte
 * @param parts of a list
 */
record WorldReply(ResponseType type, String text, List<Response> parts) implements Response {

    boolean isError() {
        return type == ResponseType.ERROR;
    }

    @Override
    public Number toNumber() {
        return Long.parseLong(text);
    }

    @Override
    public Long toLong() {
        return Long.parseLong(text);
    }

    @Override
    public Integer toInteger() {
        return Integer.parseInt(text);
    }

    @Override
    public String toString(Charset charset) {
        return text;
    }

    @Override
    public Response get(int index) {
        return parts.get(index);
    }

    @Override
    public int size() {
        return parts.size();
    }

    @Override
    public boolean isArray() {
        return type == ResponseType.MULTI;
    }

    @Override
    public Iterator<Response> iterator() {
        return parts.iterator();
    }

    @Override
    public String toString() {
        return type == ResponseType.MULTI ? parts.toString() : text;
    }
}
