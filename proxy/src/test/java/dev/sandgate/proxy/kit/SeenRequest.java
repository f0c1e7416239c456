package dev.sandgate.proxy.kit;

/**
 * A whole request as an instance read it.
 *
 * @param body one char a byte (ISO-8859-1)
 * @param trailers what followed the last chunk
 */
public record SeenRequest(SeenHead head, String body, Fields trailers) {

    public String method() {
        return head.method();
    }

    public String target() {
        return head.target();
    }

    public Fields fields() {
        return head.fields();
    }

    public int connection() {
        return head.connection();
    }

    @Override
    public String toString() {
        return head.toString();
    }
}
