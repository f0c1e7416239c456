package dev.sandgate.bench.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sandgate.bench.result.Result;
import dev.sandgate.bench.result.Result.FaultSeen;
import dev.sandgate.bench.result.Result.Stall;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A result as one page that needs nothing else: no network, no other file. Safe from any thread. */
public final class HtmlReport {

    private static final String UPLOT = "/META-INF/maven/org.webjars.npm/uplot/pom.properties";
    private static final Pattern VERSION = Pattern.compile("(?m)^version=(\\S+)$");
    private static final ObjectMapper JSON = new ObjectMapper();

    private HtmlReport() {}

    /** What the page's script reads. */
    private record Data(List<Plot> plots, List<FaultSeen> faults, List<Stall> stalls) {}

    /** The whole file. */
    public static String of(Result result) {
        String uplot = uplot();
        String library = resource(uplot + "uPlot.iife.min.js");
        String script = resource("report.js");
        return Page.filled(
                resource("report.html"),
                Map.of(
                        "policy", policy(library, script),
                        "title", Html.text(result.name() + " - bench report").markup(),
                        "style", resource(uplot + "uPlot.min.css") + Page.style(),
                        "top", Top.of(result).markup(),
                        "tables", Tables.of(result).markup(),
                        "data", data(new Data(Plots.of(result), result.faults(), result.stalls())),
                        "library", library,
                        "script", script));
    }

    /** Nothing is fetched, and no script runs but these: what is written into the page cannot become one. */
    private static String policy(String... scripts) {
        StringBuilder policy = new StringBuilder("default-src 'none'; style-src 'unsafe-inline'; script-src");
        for (String script : scripts) {
            policy.append(" 'sha256-").append(sha256(script)).append('\'');
        }
        return policy.toString();
    }

    /** JSON that stays inside its element, whatever names it holds: these characters stand only in its texts. */
    private static String data(Data data) {
        try {
            return JSON.writeValueAsString(data)
                    .replace("<", "\\u003c")
                    .replace(">", "\\u003e")
                    .replace("&", "\\u0026");
        } catch (JsonProcessingException never) {
            throw new IllegalStateException("plots are records all through", never);
        }
    }

    /** The folder of the version that the build chose. */
    private static String uplot() {
        Matcher version = VERSION.matcher(resource(UPLOT));
        if (!version.find()) {
            throw new IllegalStateException(UPLOT + " tells no version");
        }
        return "/META-INF/resources/webjars/uplot/" + version.group(1) + "/dist/";
    }

    private static String resource(String name) {
        return Page.resource(HtmlReport.class, name);
    }

    private static String sha256(String script) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException(never);
        }
    }
}
