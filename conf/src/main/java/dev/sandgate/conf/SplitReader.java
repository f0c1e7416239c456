package dev.sandgate.conf;

import dev.sandgate.conf.SplitConfig.By;
import dev.sandgate.conf.SplitConfig.Picked;
import dev.sandgate.conf.SplitConfig.Variant;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads one route's {@code split}: which other pools get a share of its new sessions. */
final class SplitReader {

    private static final String EXPECTED = "an object with variants";
    private static final String EXPECTED_VARIANT = "an object with pool and percent";
    private static final String EXPECTED_PICKED = "an object with headers, cookies or principals";
    private static final String ANOTHER = "the name of another pool";
    private static final String COOKIES = "an object of cookie names and their values";
    private static final int MOST_VARIANTS = 16;
    private static final int MOST_PRINCIPALS = 10_000;
    private static final BigDecimal ALL = BigDecimal.valueOf(100);
    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,2})?");
    private static final Pattern COOKIE_NAME = HeaderNames.TOKEN;
    private static final Shape<String> COOKIE_VALUE = Scalars.text(
            "a cookie's value: visible ASCII characters but for quotes, \",\", \";\" and \"\\\"",
            Pattern.compile("[!#-+\\--:<-\\[\\]-~]*"));
    private static final Shape<String> PRINCIPAL = Scalars.text("who calls, as a text", Pattern.compile("(?s).+"));
    private static final Shape<By> BY = Scalars.oneOf(Map.of("session", By.SESSION, "principal", By.PRINCIPAL));
    private static final Shape<Picked> PICKED =
            Shape.of(EXPECTED_PICKED, value -> value.section(EXPECTED_PICKED).map(SplitReader::picked));
    private static final Shape<Map<String, String>> PICKED_COOKIES =
            Shape.of(COOKIES, value -> value.section(COOKIES).map(SplitReader::cookies));

    private final Shape<String> pool;
    private final Optional<String> own;

    /**
     * @param pool reads the name of one that exists
     * @param own the route's; empty: it was unfit, which was told
     */
    SplitReader(Shape<String> pool, Optional<String> own) {
        this.pool = pool;
        this.own = own;
    }

    Shape<SplitConfig> split() {
        return Shape.of(EXPECTED, value -> value.section(EXPECTED).flatMap(this::split));
    }

    /** A share of a hundred, as a number with two decimals at the most. */
    static Shape<Double> percent(boolean zero) {
        String expected = "a number from 0 to 100 with at most two decimals" + (zero ? "" : ", more than 0");
        return Shape.of(expected, value -> {
            Optional<String> text = value.bare(Node.Kind.NUMBER, expected);
            if (text.isEmpty()) {
                return Optional.empty();
            }
            boolean fits = DECIMAL.matcher(text.get()).matches();
            BigDecimal share = fits ? new BigDecimal(text.get()) : BigDecimal.ZERO;
            return !fits || share.compareTo(ALL) > 0 || (!zero && share.signum() == 0)
                    ? value.refuse(expected)
                    : Optional.of(share.doubleValue());
        });
    }

    private Optional<SplitConfig> split(Section section) {
        Shape<Variant> variant = Shape.of(
                EXPECTED_VARIANT, value -> value.section(EXPECTED_VARIANT).flatMap(this::variant));
        Optional<Value> said = section.take("variants");
        Optional<List<Variant>> variants =
                section.need("variants", Lists.of("variants", variant, 1, MOST_VARIANTS, Variant::pool));
        By by = section.find("by", BY).orElse(By.SESSION);
        section.end();
        if (variants.isPresent() && sum(variants.get()).compareTo(ALL) > 0) {
            said.ifPresent(list -> list.refuse("percents of 100 at most together; these are "
                    + sum(variants.get()).toPlainString()));
            return Optional.empty();
        }
        return variants.map(read -> new SplitConfig(read, by));
    }

    private static BigDecimal sum(List<Variant> variants) {
        return variants.stream()
                .map(variant -> BigDecimal.valueOf(variant.percent()))
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .stripTrailingZeros();
    }

    private Optional<Variant> variant(Section section) {
        Optional<String> name = section.need("pool", Shape.of(ANOTHER, this::another));
        Optional<Double> share = section.need("percent", percent(true));
        Picked picked = section.find("picked", PICKED).orElse(new Picked(Map.of(), Map.of(), Set.of()));
        section.end();
        return name.flatMap(to -> share.map(percent -> new Variant(to, percent, picked)));
    }

    private Optional<String> another(Value value) {
        Optional<String> name = pool.read(value);
        return name.isPresent() && name.equals(own)
                ? value.refuse(ANOTHER + "; the route's own gets what the variants leave")
                : name;
    }

    private static Picked picked(Section section) {
        Map<String, String> headers =
                section.find("headers", RouteShapes.HEADERS).orElse(Map.of());
        Map<String, String> cookies = section.find("cookies", PICKED_COOKIES).orElse(Map.of());
        Set<String> principals = section.find(
                        "principals", Lists.set(Lists.of("principals", PRINCIPAL, 0, MOST_PRINCIPALS)))
                .orElse(Set.of());
        section.end();
        return new Picked(headers, cookies, Set.copyOf(new LinkedHashSet<>(principals)));
    }

    private static Map<String, String> cookies(Section section) {
        Map<String, String> cookies = new LinkedHashMap<>();
        section.members().forEach((name, member) -> {
            if (!COOKIE_NAME.matcher(name).matches()) {
                section.context()
                        .problems()
                        .add(member.key(), "\"" + Shown.text(name) + "\"", "the name of a cookie, such as \"beta\"");
            }
            COOKIE_VALUE.read(new Value(member.value(), section.context())).ifPresent(text -> cookies.put(name, text));
        });
        return Map.copyOf(cookies);
    }
}
