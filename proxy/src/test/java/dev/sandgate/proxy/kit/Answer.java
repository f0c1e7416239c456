package dev.sandgate.proxy.kit;

import java.util.List;

/**
 * An answer as a client read it.
 *
 * @param body one char a byte (ISO-8859-1); as far as it came
 * @param trailers what followed the last chunk
 * @param whole whether it came to its end; an answer that only the connection's end delimits counts as whole after an
 *     orderly end, and not after a reset
 * @param interim the 1xx statuses that came before it
 */
public record Answer(
        int status, String reason, Fields fields, String body, Fields trailers, boolean whole, List<Integer> interim) {

    @Override
    public String toString() {
        return status + (whole ? "" : " cut");
    }
}
