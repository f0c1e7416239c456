package dev.sandgate.bench.sandbox;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Bodies of any size, in either direction, with back-pressure. */
final class BodyEndpoints {

    private final Vertx vertx;

    BodyEndpoints(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Sends the request's body back as it comes, framed as it came: by length, or chunked. */
    void echo(Visit visit) {
        HttpServerRequest request = visit.request();
        HttpServerResponse response = visit.response();
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        if (type != null) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, type);
        }
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length != null) {
            response.putHeader(HttpHeaders.CONTENT_LENGTH, length);
        } else if (request.version() == HttpVersion.HTTP_2 || request.headers().contains("Transfer-Encoding")) {
            response.setChunked(true);
        } else {
            response.end();
            return;
        }
        // pipeTo would end the answer when the upload breaks, and pass half a body off as whole
        request.pipe().endOnFailure(false).to(response).onFailure(cut -> response.reset());
    }

    /** {@code ?n=} bytes of {@link Noise}; with a length, or {@code &chunked=true}. */
    void bytes(Visit visit) {
        long length = visit.number("n", 1024, Long.MAX_VALUE);
        HttpServerResponse response = visit.response();
        response.putHeader(HttpHeaders.CONTENT_TYPE, "application/octet-stream");
        if (Boolean.parseBoolean(visit.request().getParam("chunked"))) {
            response.setChunked(true);
        } else {
            response.putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(length));
        }
        if (visit.headOnly()) {
            response.end();
        } else {
            new NoiseStream(vertx, response, length).pour();
        }
    }

    /** Takes an upload in and answers its length and sha256; an upload that breaks gets no answer. */
    void sink(Visit visit) {
        MessageDigest digest = sha256();
        long[] length = {0};
        visit.request().handler(piece -> {
            length[0] += piece.length();
            digest.update(piece.getBytes());
        });
        visit.request()
                .endHandler(end -> visit.json(visit.who()
                        .put("length", length[0])
                        .put("sha256", HexFormat.of().formatHex(digest.digest()))));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
