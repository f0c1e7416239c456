package dev.sandgate.proxy.kit;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What came on one HTTP/2 stream.
 *
 * @param status of the final answer
 * @param data one char a byte
 * @param ended whether END_STREAM came
 * @param reset the error code of RST_STREAM
 */
public record Http2Stream(
        OptionalInt status, Fields fields, String data, Optional<Fields> trailers, boolean ended, OptionalLong reset) {

    static final Http2Stream NEW =
            new Http2Stream(OptionalInt.empty(), Fields.NONE, "", Optional.empty(), false, OptionalLong.empty());

    public boolean over() {
        return ended || reset.isPresent();
    }

    Http2Stream withHead(int newStatus, Fields head) {
        return new Http2Stream(OptionalInt.of(newStatus), head, data, trailers, ended, reset);
    }

    Http2Stream withTrailers(Fields last) {
        return new Http2Stream(status, fields, data, Optional.of(last), ended, reset);
    }

    Http2Stream withData(String more) {
        return new Http2Stream(status, fields, data + more, trailers, ended, reset);
    }

    Http2Stream withEnd() {
        return new Http2Stream(status, fields, data, trailers, true, reset);
    }

    Http2Stream withReset(long code) {
        return new Http2Stream(status, fields, data, trailers, ended, OptionalLong.of(code));
    }
}
