package dev.sandgate.proxy.route;

import dev.sandgate.conf.RouteConfig;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Finds the route of a request: the most specific host that has a route for the path (exact, then the longest wildcard,
 * then any), in it the longest path, in it the most headers, in it the first in the file. Built once; any thread; no
 * allocation per match but the answer.
 *
 * @param <R> what a route became
 */
public final class RouteTable<R> {

    private record Entry<R>(String path, Map<String, String> headers, Optional<R> route) {}

    private record Wildcard<R>(String suffix, List<Entry<R>> entries) {}

    private static final Comparator<Entry<?>> MOST_SPECIFIC_FIRST = Comparator.<Entry<?>>comparingInt(
                    entry -> -entry.path.length())
            .thenComparingInt(entry -> -entry.headers.size());

    private final Map<String, List<Entry<R>>> exact = new HashMap<>();
    private final List<Wildcard<R>> wildcards = new ArrayList<>();
    private final List<Entry<R>> any = new ArrayList<>();
    private final List<R> all = new ArrayList<>();

    private RouteTable() {}

    /** What one route asks of a path and of fields, whatever the host is. */
    public static <R> RouteTable<R> ofOne(RouteConfig config, R route) {
        RouteTable<R> table = new RouteTable<>();
        table.all.add(route);
        config.paths()
                .forEach(path -> table.any.add(new Entry<>(withoutEnd(path), config.headers(), Optional.of(route))));
        return table;
    }

    /** A table of these routes, each made by {@code build}, once. */
    public RouteTable(List<RouteConfig> routes, Function<RouteConfig, R> build) {
        for (RouteConfig config : routes) {
            Optional<R> route = Optional.of(build.apply(config));
            route.ifPresent(all::add);
            for (String path : config.paths()) {
                Entry<R> entry = new Entry<>(withoutEnd(path), config.headers(), route);
                if (config.hosts().isEmpty()) {
                    any.add(entry);
                }
                config.hosts().forEach(host -> entriesOf(host).add(entry));
            }
        }
        any.sort(MOST_SPECIFIC_FIRST);
        exact.values().forEach(entries -> entries.sort(MOST_SPECIFIC_FIRST));
        wildcards.forEach(wildcard -> wildcard.entries.sort(MOST_SPECIFIC_FIRST));
        wildcards.sort(Comparator.comparingInt(wildcard -> -wildcard.suffix.length()));
    }

    /** All, in the order of the config. */
    public List<R> all() {
        return Collections.unmodifiableList(all);
    }

    // "/a/" and "/a" are the same prefix by segment; "/" is the prefix of everything
    private static String withoutEnd(String path) {
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private List<Entry<R>> entriesOf(String host) {
        if (!host.startsWith("*.")) {
            return exact.computeIfAbsent(host, name -> new ArrayList<>());
        }
        String suffix = host.substring(1);
        for (Wildcard<R> wildcard : wildcards) {
            if (wildcard.suffix.equals(suffix)) {
                return wildcard.entries;
            }
        }
        Wildcard<R> wildcard = new Wildcard<>(suffix, new ArrayList<>());
        wildcards.add(wildcard);
        return wildcard.entries;
    }

    /**
     * The route of a request.
     *
     * @param host lower case, without port and trailing dot
     * @param path in its one normalized form
     */
    public Optional<R> find(String host, String path, MultiMap headers) {
        Optional<R> found = find(exact.getOrDefault(host, List.of()), path, headers);
        for (int at = 0; found.isEmpty() && at < wildcards.size(); at++) {
            Wildcard<R> wildcard = wildcards.get(at);
            if (host.length() > wildcard.suffix.length() && host.endsWith(wildcard.suffix)) {
                found = find(wildcard.entries, path, headers);
            }
        }
        return found.isEmpty() ? find(any, path, headers) : found;
    }

    private static <R> Optional<R> find(List<Entry<R>> entries, String path, MultiMap headers) {
        for (int at = 0; at < entries.size(); at++) {
            Entry<R> entry = entries.get(at);
            if (isPrefix(entry.path, path) && hasAll(entry.headers, headers)) {
                return entry.route;
            }
        }
        return Optional.empty();
    }

    private static boolean isPrefix(String prefix, String path) {
        return path.startsWith(prefix) && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
    }

    private static boolean hasAll(Map<String, String> wanted, MultiMap headers) {
        if (wanted.isEmpty()) {
            return true;
        }
        return wanted.entrySet().stream().allMatch(field -> headers.contains(field.getKey(), field.getValue(), false));
    }
}
