package dev.sandgate.proxy.kit;

/**
 * A request's head as an instance read it.
 *
 * @param connection which of the instance's connections it came on, from 1
 */
public record SeenHead(String method, String target, Fields fields, int connection) {

    @Override
    public String toString() {
        return method + " " + target;
    }
}
