package dev.sandgate.proxy.mcp;

import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.server.transport.HttpServletSseServerTransportProvider;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema;
import jakarta.servlet.Servlet;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;

/**
 * A server of the official MCP Java SDK, with HTTP+SSE ({@code /sse}, {@code /messages}) and Streamable HTTP ({@code
 * /mcp}) at once. Its tool {@code count} counts for the session; {@code ask} asks the client's model, and {@code form}
 * its user, and each tells what was said.
 */
final class SdkServer implements AutoCloseable {

    // Tomcat tells of every thread that a library keeps; held here, since java.util.logging would forget the level
    private static final Logger TOMCAT = Logger.getLogger("org.apache");
    private static final Map<String, Object> ANYTHING = Map.of("type", "object");

    private final String name;
    private final Tomcat tomcat = new Tomcat();
    private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
    private final List<McpSyncServer> servers;

    @SuppressWarnings("deprecation") // so is HTTP+SSE, and widely served
    private SdkServer(String name, Path folder) throws LifecycleException {
        this.name = name;
        TOMCAT.setLevel(Level.SEVERE);
        tomcat.setBaseDir(folder.toString());
        tomcat.setPort(0);
        tomcat.getConnector()
                .setProperty("address", InetAddress.getLoopbackAddress().getHostAddress());
        tomcat.getConnector().setProperty("minSpareThreads", "2");
        Context context = tomcat.addContext("", folder.toString());
        var sse = HttpServletSseServerTransportProvider.builder()
                .sseEndpoint("/sse")
                .messageEndpoint("/messages")
                .build();
        var streamable = HttpServletStreamableServerTransportProvider.builder()
                .mcpEndpoint("/mcp")
                .build();
        serve(context, "sse", sse, "/sse", "/messages");
        serve(context, "mcp", streamable, "/mcp");
        servers = List.of(
                withTools(McpServer.sync(sse)).build(),
                withTools(McpServer.sync(streamable)).build());
        tomcat.start();
    }

    /** Starts one on a free port of this machine; the folder is Tomcat's own. */
    static SdkServer start(String name, Path folder) {
        try {
            return new SdkServer(name, folder);
        } catch (LifecycleException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static void serve(Context context, String name, Servlet servlet, String... paths) {
        Wrapper wrapper = Tomcat.addServlet(context, name, servlet);
        wrapper.setAsyncSupported(true);
        for (String path : paths) {
            wrapper.addMapping(path);
        }
    }

    private McpServer.SyncSpecification<?> withTools(McpServer.SyncSpecification<?> server) {
        return server.serverInfo(name, "1")
                .capabilities(McpSchema.ServerCapabilities.builder().tools(true).build())
                .toolCall(tool("count"), (exchange, call) -> told(exchange, "" + count(exchange.sessionId())))
                .toolCall(tool("ask"), (exchange, call) -> told(exchange, asked(exchange)))
                .toolCall(tool("form"), (exchange, call) -> told(exchange, filled(exchange)));
    }

    private static McpSchema.Tool tool(String name) {
        return McpSchema.Tool.builder(name, ANYTHING).build();
    }

    private int count(String session) {
        return counts.computeIfAbsent(session, first -> new AtomicInteger()).incrementAndGet();
    }

    private static String asked(McpSyncServerExchange exchange) {
        McpSchema.SamplingMessage question = new McpSchema.SamplingMessage(
                McpSchema.Role.USER, McpSchema.TextContent.builder("who?").build());
        McpSchema.CreateMessageResult answer = exchange.createMessage(
                McpSchema.CreateMessageRequest.builder(List.of(question), 10).build());
        return ((McpSchema.TextContent) answer.content()).text();
    }

    private static String filled(McpSyncServerExchange exchange) {
        McpSchema.ElicitResult answer = exchange.createElicitation(
                McpSchema.ElicitFormRequest.builder("who?", ANYTHING).build());
        return String.valueOf(answer.content().get("name"));
    }

    private McpSchema.CallToolResult told(McpSyncServerExchange exchange, String what) {
        String text = String.join(" ", name, exchange.sessionId(), what);
        return McpSchema.CallToolResult.builder().addTextContent(text).build();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + tomcat.getConnector().getLocalPort());
    }

    /** The sessions that ever counted here, and how far. */
    Map<String, Integer> counts() {
        Function<Map.Entry<String, AtomicInteger>, Integer> count =
                entry -> entry.getValue().get();
        return counts.entrySet().stream().collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, count));
    }

    @Override
    public void close() throws LifecycleException {
        servers.forEach(McpSyncServer::close);
        tomcat.stop();
        tomcat.destroy();
    }
}
