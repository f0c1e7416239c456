package dev.sandgate.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.RouteConfig;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which route wins, without a door around it. */
final class RouteTableTest {

    private final List<RouteConfig> routes = new ArrayList<>();

    private RouteTableTest host(String name, String... hosts) {
        return route(name, List.of(hosts), List.of("/"), Map.of());
    }

    private RouteTableTest paths(String name, String... paths) {
        return route(name, List.of(), List.of(paths), Map.of());
    }

    private RouteTableTest route(String name, List<String> hosts, List<String> paths, Map<String, String> headers) {
        routes.add(RouteConfig.plain(name, hosts, paths, headers, "pool", List.of(), List.of(), false));
        return this;
    }

    private Optional<String> find(String host, String path, String... nameAndValue) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        for (int at = 0; at < nameAndValue.length; at += 2) {
            headers.add(nameAndValue[at], nameAndValue[at + 1]);
        }
        return new RouteTable<>(routes, RouteConfig::name).find(host, path, headers);
    }

    @ParameterizedTest
    @CsvSource({
        "a.example.com, exact",
        "b.example.com, wide",
        "x.a.example.com, narrow",
        "y.x.a.example.com, narrow",
        "example.com, any",
        "notexample.com, any",
        "a.example.com.evil.test, any",
        "'', any"
    })
    void takesTheExactHostBeforeTheLongestWildcardBeforeAny(String host, String expected) {
        host("any")
                .host("wide", "*.example.com")
                .host("narrow", "*.a.example.com")
                .host("exact", "a.example.com");

        assertThat(find(host, "/")).contains(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "/pub, pub",
        "/pub/, pub",
        "/pub/x, pub",
        "/public, root",
        "/pub.html, root",
        "/PUB, root",
        "/pub/deep, deep",
        "/pub/deep/er, deep",
        "/pub/deeper, pub",
        "/, root"
    })
    void takesTheLongestPathBySegment(String path, String expected) {
        paths("root", "/").paths("pub", "/pub/").paths("deep", "/pub/deep");

        assertThat(find("h", path)).contains(expected);
    }

    @Test
    void aPathWithAndWithoutItsLastSlashIsOneAndTheFirstInTheFileWins() {
        paths("first", "/a/").paths("second", "/a");

        assertThat(find("h", "/a")).contains("first");
        assertThat(find("h", "/a/b")).contains("first");
    }

    @Test
    void oneRouteMayHaveManyPathsAndHosts() {
        route("r", List.of("a.test", "*.b.test"), List.of("/x", "/y"), Map.of());

        assertThat(find("a.test", "/x")).contains("r");
        assertThat(find("c.b.test", "/y/z")).contains("r");
        assertThat(find("b.test", "/y")).isEmpty();
        assertThat(find("a.test", "/z")).isEmpty();
    }

    @Test
    void takesTheRouteWithMostHeadersAmongEqualPaths() {
        paths("plain", "/")
                .route("gold", List.of(), List.of("/"), Map.of("x-tier", "gold"))
                .route("beta", List.of(), List.of("/"), Map.of("x-tier", "gold", "x-beta", "1"));

        assertThat(find("h", "/")).contains("plain");
        assertThat(find("h", "/", "X-Tier", "silver")).contains("plain");
        assertThat(find("h", "/", "X-Tier", "GOLD")).contains("plain");
        assertThat(find("h", "/", "X-Tier", "gold")).contains("gold");
        assertThat(find("h", "/", "X-Tier", "silver", "X-Tier", "gold")).contains("gold");
        assertThat(find("h", "/", "X-Beta", "1", "X-Tier", "gold")).contains("beta");
    }

    @Test
    void aLongerPathBeatsMoreHeaders() {
        paths("long", "/a/b").route("headers", List.of(), List.of("/a"), Map.of("x-tier", "gold"));

        assertThat(find("h", "/a/b", "X-Tier", "gold")).contains("long");
        assertThat(find("h", "/a/c", "X-Tier", "gold")).contains("headers");
    }

    @Test
    void fallsThroughToALessSpecificHostWhereNoPathFits() {
        route("exact", List.of("a.b.test"), List.of("/exact"), Map.of())
                .route("narrow", List.of("*.b.test"), List.of("/narrow"), Map.of())
                .route("wide", List.of("*.test"), List.of("/wide"), Map.of())
                .paths("any", "/any");

        assertThat(find("a.b.test", "/exact")).contains("exact");
        assertThat(find("a.b.test", "/narrow")).contains("narrow");
        assertThat(find("a.b.test", "/wide")).contains("wide");
        assertThat(find("a.b.test", "/any")).contains("any");
        assertThat(find("a.b.test", "/none")).isEmpty();
        assertThat(find("other", "/exact")).isEmpty();
    }

    @Test
    void aMoreSpecificHostBeatsALongerPath() {
        route("host", List.of("a.test"), List.of("/"), Map.of()).paths("path", "/very/long/path");

        assertThat(find("a.test", "/very/long/path")).contains("host");
    }

    @Test
    void anEmptyTableKnowsNothing() {
        assertThat(find("a.test", "/")).isEmpty();
    }
}
