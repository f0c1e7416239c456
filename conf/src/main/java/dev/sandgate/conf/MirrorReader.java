package dev.sandgate.conf;

import java.util.Map;
import java.util.Optional;

/** Reads one route's {@code mirror}: which other pool gets copies of a share of its requests. */
final class MirrorReader {

    private static final String EXPECTED = "an object with pool and percent";
    private static final String ANOTHER = "the name of another pool";

    private final Shape<String> pool;
    private final Optional<String> own;
    private final Map<String, PoolConfig> fit;

    /**
     * @param pool reads the name of one that exists
     * @param own the route's; empty: it was unfit, which was told
     * @param fit those in which nothing was missing, by name
     */
    MirrorReader(Shape<String> pool, Optional<String> own, Map<String, PoolConfig> fit) {
        this.pool = pool;
        this.own = own;
        this.fit = fit;
    }

    Shape<MirrorConfig> mirror() {
        return Shape.of(EXPECTED, value -> value.section(EXPECTED).flatMap(this::mirror));
    }

    private Optional<MirrorConfig> mirror(Section section) {
        Optional<String> name = section.need("pool", Shape.of(ANOTHER, this::another));
        Optional<Double> share = section.need("percent", SplitReader.percent(false));
        section.end();
        return name.flatMap(to -> share.map(percent -> new MirrorConfig(to, percent)));
    }

    private Optional<String> another(Value value) {
        Optional<String> name = pool.read(value);
        if (name.isPresent() && name.equals(own)) {
            return value.refuse(ANOTHER + "; the route's own has the requests already");
        }
        boolean recycles = name.flatMap(known -> Optional.ofNullable(fit.get(known)))
                .filter(known -> known.sessions().recycle())
                .isPresent();
        return recycles
                ? value.refuse(ANOTHER + ", without \"recycle\"; a copy would reach an instance before its session")
                : name;
    }
}
