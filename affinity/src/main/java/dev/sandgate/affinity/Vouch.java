package dev.sandgate.affinity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.Optional;

/**
 * A session's binding as its client carries it, sealed into an id of our own making: what a node goes by that has never
 * seen the session, while the table is away. Whoever can read one has the keys; it holds no secret but the seal.
 *
 * @param instance where the session lives
 * @param generation of this life of it
 * @param bornAt by the table's clock, in ms since 1970
 * @param mark made by the table, which knows by it whose session this is; visible ASCII
 */
public record Vouch(Instance instance, long generation, long bornAt, String mark) {

    private static final int FIELDS = 7;

    /** One line of visible ASCII. */
    public String text() {
        return String.join(
                "|",
                Long.toString(generation),
                Long.toString(bornAt),
                Integer.toString(instance.port()),
                encoded(instance.host()),
                encoded(instance.incarnation()),
                encoded(instance.id()),
                encoded(mark));
    }

    /** What {@link #text} wrote, of a session of this pool; empty where it is something else. */
    public static Optional<Vouch> of(String pool, String text) {
        String[] fields = text.split("\\|", -1);
        if (fields.length != FIELDS) {
            return Optional.empty();
        }
        try {
            Instance instance = new Instance(
                    pool, decoded(fields[5]), decoded(fields[4]), decoded(fields[3]), Integer.parseInt(fields[2]));
            return Optional.of(
                    new Vouch(instance, Long.parseLong(fields[0]), Long.parseLong(fields[1]), decoded(fields[6])));
        } catch (IllegalArgumentException another) {
            return Optional.empty();
        }
    }

    private static String encoded(String field) {
        return URLEncoder.encode(field, UTF_8);
    }

    private static String decoded(String field) {
        return URLDecoder.decode(field, UTF_8);
    }
}
