package dev.sandgate.proxy.forward;

import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.fault.Reason;
import dev.sandgate.proxy.inbound.Field;
import dev.sandgate.proxy.inbound.Fields;
import dev.sandgate.proxy.inbound.Inbound;
import dev.sandgate.proxy.inbound.Syntax;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Map;

/**
 * The head of an instance's answer, checked: an instance is as hostile as a client.
 *
 * @param status 200 to 599, or 101 where a WebSocket was asked for and granted
 * @param fields as received
 * @param length of the body in bytes, as announced; negative: until its end. An answer without a body may announce one
 * @param bodiless whether no body follows, whatever was announced (HEAD, 204, 304)
 * @param eventStream whether it is {@code text/event-stream}
 * @param closes whether the instance closes the connection after it
 * @param nominated lower-case names that its {@code Connection} lists
 */
public record AnswerHead(
        int status,
        MultiMap fields,
        long length,
        boolean bodiless,
        boolean eventStream,
        boolean closes,
        List<String> nominated) {

    /**
     * Checks a head.
     *
     * @throws Fault {@link Reason#INSTANCE_BROKEN}
     */
    static AnswerHead of(HttpClientResponse answer, Inbound inbound) {
        int status = answer.statusCode();
        boolean upgraded = status == 101 && inbound.websocket() && WebSocketAccept.fits(answer, inbound);
        if (!upgraded && (status < 200 || status > 599)) {
            throw broken("The instance answered with a status that no answer may end with");
        }
        long length = -1;
        boolean chunked = false;
        boolean eventStream = false;
        List<String> nominated = List.of();
        var entries = Fields.entries(answer.headers());
        while (entries.hasNext()) {
            Map.Entry<? extends CharSequence, ? extends CharSequence> entry = entries.next();
            CharSequence value = entry.getValue();
            if (!Syntax.isToken(entry.getKey()) || !Syntax.isAnswerValue(value)) {
                throw broken("The instance answered with a malformed field");
            }
            switch (Field.of(entry.getKey())) {
                case CONTENT_LENGTH -> length = length(value, length);
                case TRANSFER_ENCODING -> chunked = chunked(value, chunked);
                case CONNECTION -> nominated = HeaderRules.nominated(value, nominated);
                case CONTENT_TYPE -> eventStream = isEventStream(value);
                default -> {}
            }
        }
        HttpMethod method = inbound.request().method();
        boolean bodiless = upgraded || method.equals(HttpMethod.HEAD) || status == 204 || status == 304;
        boolean closes = inbound.websocket()
                || nominated.contains("close")
                || answer.version() == HttpVersion.HTTP_1_0
                || (!bodiless && !chunked && length < 0);
        if (status == 204) {
            length = -1;
        }
        return new AnswerHead(status, answer.headers(), length, bodiless, eventStream, closes, nominated);
    }

    private static long length(CharSequence value, long before) {
        try {
            long length = Syntax.length(value);
            if (before >= 0 && before != length) {
                throw broken("The instance answered with two lengths");
            }
            return length;
        } catch (Fault malformed) {
            throw malformed.reason() == Reason.INSTANCE_BROKEN
                    ? malformed
                    : broken("The instance answered with a malformed Content-Length");
        }
    }

    private static boolean chunked(CharSequence value, boolean before) {
        if (before || !Syntax.equalsIgnoreCase("chunked", value)) {
            throw broken("The instance answered with a transfer coding that it was not asked for");
        }
        return true;
    }

    private static boolean isEventStream(CharSequence contentType) {
        String type = "text/event-stream";
        return contentType.length() >= type.length()
                && Syntax.equalsIgnoreCase(type, contentType.subSequence(0, type.length()));
    }

    private static Fault broken(String detail) {
        return Fault.of(Reason.INSTANCE_BROKEN, detail);
    }
}
