package dev.sandgate.bench.result;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A result as JSON: the fields in the records' order, a line for each second. Safe from any thread. */
public final class ResultFile {

    private static final String EXPECTED =
            "a result of bench run, \"format\": " + Result.FORMAT + ", as this version writes it";
    /** What Jackson says of itself, among what it says of the file. */
    private static final Pattern ASIDE =
            Pattern.compile(" (of|into) type `[^`]*`|( \\((index|set|as) |;|\\R).*", Pattern.DOTALL);

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new SimpleModule()
                    .addSerializer(Instant.class, ToStringSerializer.instance)
                    .addDeserializer(Instant.class, new InstantReader()))
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private static final ObjectWriter WRITER = JSON.writer(
            new DefaultPrettyPrinter().withObjectIndenter(new FewLines()).withArrayIndenter(new FewLines()));

    private ResultFile() {}

    /** A file that is no result; the message names it, where in it, and what was expected. */
    public static final class Unreadable extends IOException {

        private static final long serialVersionUID = 1;

        private Unreadable(Path file, String what) {
            super(file + ": " + what + " (expected: " + EXPECTED + ")");
        }
    }

    /** Writes over what is there. */
    public static void write(Path file, Result result) throws IOException {
        Files.writeString(file, text(result) + "\n");
    }

    /** As it stands in the file. */
    public static String text(Result result) {
        try {
            return WRITER.writeValueAsString(result);
        } catch (JsonProcessingException never) {
            throw new IllegalStateException("a result is records all through", never);
        }
    }

    /**
     * Reads what {@link #write} wrote; fields that it does not know are left out.
     *
     * @throws Unreadable where the file is no result, or one of another format
     */
    public static Result read(Path file) throws IOException {
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException missing) {
            throw new Unreadable(file, "there is no such file");
        } catch (IOException refused) {
            throw new Unreadable(file, "cannot be read: " + refused);
        }
        try {
            JsonNode tree = JSON.readTree(text);
            JsonNode format = tree.path("format");
            if (!format.isInt()) {
                throw new Unreadable(file, "no format number");
            } else if (format.intValue() != Result.FORMAT) {
                throw new Unreadable(file, "format " + format);
            }
            return JSON.treeToValue(tree, Result.class);
        } catch (JsonMappingException other) {
            throw new Unreadable(
                    file,
                    where(other) + ASIDE.matcher(other.getOriginalMessage()).replaceAll(""));
        } catch (JacksonException broken) {
            throw new Unreadable(
                    file,
                    "no JSON at " + broken.getLocation().getLineNr() + ":"
                            + broken.getLocation().getColumnNr() + ": " + broken.getOriginalMessage());
        }
    }

    /** {@code timeline[4].p50: }. */
    private static String where(JsonMappingException other) {
        String path = other.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : "." + step.getFieldName())
                .collect(Collectors.joining());
        return path.isEmpty() ? "" : path.substring(1) + ": ";
    }

    private static final class InstantReader extends StdScalarDeserializer<Instant> {

        private static final long serialVersionUID = 1;

        private InstantReader() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            String text = parser.getText();
            try {
                return Instant.parse(text);
            } catch (DateTimeParseException other) {
                return (Instant) context.handleWeirdStringValue(Instant.class, text, "no moment in ISO 8601");
            }
        }
    }

    /** A line for what lies at most two deep: the file of half an hour stays readable, and can be searched by line. */
    private static final class FewLines implements DefaultPrettyPrinter.Indenter {

        private static final int DEEPEST = 2;

        @Override
        public void writeIndentation(JsonGenerator out, int depth) throws IOException {
            out.writeRaw(depth <= DEEPEST ? "\n" + "  ".repeat(depth) : depth == DEEPEST + 1 ? " " : "");
        }

        @Override
        public boolean isInline() {
            return false;
        }
    }
}
