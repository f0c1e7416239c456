package dev.sandgate.conf;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One whole, checked configuration of a node: what {@link ConfigReader} makes of a file.
 *
 * @param listeners by name, in the file's order; at least one
 * @param admin the operator's own listener; empty: nowhere
 * @param node what the node tells others that share its table
 * @param table where bindings live
 * @param pools by name, in the file's order
 * @param routes in the file's order; each names a pool that exists
 * @param acme where certificates are ordered; empty: nowhere
 * @param shutdownTimeout how long requests under way may go on after SIGTERM; zero: none
 * @param accessLog whether each request leaves a line on standard output
 * @param state an absolute path of the folder in which the node remembers what it started, and its
 *     domains where the table is in memory; made where it is not there
 * @param hints lines that tell who starts the node what to try; {@code {url}} in them stands for the first listener
 */
public record SandgateConfig(
        Map<String, ListenerConfig> listeners,
        Optional<AdminConfig> admin,
        NodeConfig node,
        TableConfig table,
        Map<String, PoolConfig> pools,
        List<RouteConfig> routes,
        Optional<AcmeConfig> acme,
        Duration shutdownTimeout,
        boolean accessLog,
        Path state,
        List<String> hints) {}
