package dev.sandgate.conf;

import java.util.Optional;
import java.util.function.Function;

/** What a value must be. */
interface Shape<T> {

    /** For people: {@code a whole number from 0 to 65535}. */
    String expected();

    /** The value; empty where it is not of this shape, which was then told. */
    Optional<T> read(Value value);

    static <T> Shape<T> of(String expected, Function<Value, Optional<T>> reading) {
        return new Shape<>() {
            @Override
            public String expected() {
                return expected;
            }

            @Override
            public Optional<T> read(Value value) {
                return reading.apply(value);
            }
        };
    }
}
