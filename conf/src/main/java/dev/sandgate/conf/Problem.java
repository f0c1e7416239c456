package dev.sandgate.conf;

/**
 * One thing that is wrong with a config file, told so that it can be mended without the manual.
 *
 * @param path of the value, {@code pools.python.sessions.idleTimeout} or {@code routes[2].pool}; empty: the file itself
 * @param found the text as it stands in the file (never the value of a {@code ${env:}} or {@code ${file:}}), or words
 *     for what has none: {@code missing}, {@code unknown key}, {@code a list}
 * @param expected what should stand there, with the nearest known key where a key is unknown
 * @param line from 1; 0 where the file could not be read at all
 * @param column from 1; 0 where the file could not be read at all
 */
public record Problem(String path, String found, String expected, int line, int column) {

    /** {@code 12:20: pools.python.sessions.idleTimeout: "0s" (expected: a duration of at least 1s)}. */
    @Override
    public String toString() {
        String place = line == 0 ? "" : line + ":" + column + ": ";
        String where = path.isEmpty() ? "" : path + ": ";
        return place + where + found + " (expected: " + expected + ")";
    }
}
