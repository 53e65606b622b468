package io.regent.coordinator.zookeeper;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.regent.coordinator.zookeeper.Seen.Found;
import io.regent.coordinator.zookeeper.Seen.Unknown;
import io.regent.failover.diagnosis.Heard;
import io.regent.failover.model.Ended;
import io.regent.failover.model.Lease;
import io.regent.failover.model.Master;
import io.regent.failover.model.Origin;
import io.regent.failover.model.Plan;
import io.regent.failover.model.Policy;
import io.regent.failover.model.Reach;
import io.regent.failover.model.Report;
import io.regent.failover.model.Verdict;
import io.regent.failover.timing.Timing;
import io.regent.sql.gtid.GtidSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of one kind of znode. Each carries its {@code format}; one that is not known exactly is refused, an unknown or
 * missing field too, because a coordinator that reads past it would drop it when it writes. What a format has more than the
 * one before is written in the one before as long as it is empty, so that an earlier version reads it until it is used.
 *
 * @param type the record
 * @param format the number written and demanded
 * @param isUnchanging whether such a znode is created once and never set
 * @param grown what the format before has not; null if that one is not read any more
 */
record ZnodeFormat<T>(
        Class<T> type,
        int format,
        boolean isUnchanging,
        @Nullable Grown grown) {
    static final ZnodeFormat<Master> MASTER = new ZnodeFormat<>(Master.class, Master.FORMAT, false);
    static final ZnodeFormat<Lease> LEASE = new ZnodeFormat<>(Lease.class, 2, false);
    static final ZnodeFormat<Report> REPORT = new ZnodeFormat<>(Report.class, 3, false);
    static final ZnodeFormat<Plan> PLAN = new ZnodeFormat<>(Plan.class, 2, false);
    static final ZnodeFormat<Ended> ENDED = new ZnodeFormat<>(Ended.class, 2, true);
    static final ZnodeFormat<Verdict> VERDICT = new ZnodeFormat<>(Verdict.class, 1, true);
    static final ZnodeFormat<Origin> ORIGIN = new ZnodeFormat<>(Origin.class, 2, false);
    static final ZnodeFormat<Timing> TIMING = new ZnodeFormat<>(Timing.class, 2, false);
    static final ZnodeFormat<Policy> POLICY = new ZnodeFormat<>(Policy.class, 3, false, new Grown("holdOff", "named"));
    static final ZnodeFormat<Reach> REACH = new ZnodeFormat<>(Reach.class, 2, false);
    static final ZnodeFormat<Heard> HEARD = new ZnodeFormat<>(Heard.class, 1, false);
    static final ZnodeFormat<Differences> DIFFERENCES = new ZnodeFormat<>(Differences.class, 1, false);
    static final ZnodeFormat<Cost> COST = new ZnodeFormat<>(Cost.class, 1, false);
    static final ZnodeFormat<Skip> SKIP = new ZnodeFormat<>(Skip.class, 1, true);

    private static final String FORMAT = "format";
    private static final String WITHDRAWN = "withdrawn";
    private static final String BOUND = "bound";
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .addModule(new SimpleModule()
                    .addSerializer(GtidSet.class, ToStringSerializer.instance)
                    .addDeserializer(GtidSet.class, new GtidSetReader())
                    .addSerializer(Duration.class, ToStringSerializer.instance)
                    .addDeserializer(Duration.class, new DurationReader()))
            .build();

    ZnodeFormat(Class<T> type, int format, boolean isUnchanging) {
        this(type, format, isUnchanging, null);
    }

    /** An object that came to be in the middle of another one. */
    record Grown(String parent, String name) {
        private boolean isUnused(ObjectNode fields) {
            return fields.path(parent).path(name).isEmpty();
        }

        private boolean isMissing(ObjectNode fields) {
            return fields.path(parent) instanceof ObjectNode object && !object.has(name);
        }

        private void remove(ObjectNode fields) {
            ((ObjectNode) fields.path(parent)).remove(name);
        }

        private void add(ObjectNode fields) {
            ((ObjectNode) fields.path(parent)).putObject(name);
        }
    }

    byte[] write(T value) {
        ObjectNode fields = JSON.valueToTree(value);
        int number = format;
        if (grown != null && grown.isUnused(fields)) {
            grown.remove(fields);
            number = format - 1;
        }
        ObjectNode node = JSON.createObjectNode().put(FORMAT, number);
        node.setAll(fields);
        try {
            return JSON.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("a " + type.getSimpleName() + " has no JSON", e);
        }
    }

    /**
     * What stands in place of a {@code /master} whose word was taken back: no coordinator can read it as one.
     *
     * @param epoch the newest epoch that is known
     * @param why what everybody is told who reads it
     */
    static byte[] withdrawn(long epoch, String why) {
        try {
            return JSON.writeValueAsBytes(
                    JSON.createObjectNode().put(FORMAT, 0).put("epoch", epoch).put(WITHDRAWN, why));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("a withdrawal has no JSON", e);
        }
    }

    /** The same, and for good: no cluster may be founded in its place, for a server is opened by it without any lease. */
    static byte[] bound(long epoch, String why) {
        try {
            return JSON.writeValueAsBytes(JSON.createObjectNode()
                    .put(FORMAT, 0)
                    .put("epoch", epoch)
                    .put(WITHDRAWN, why)
                    .put(BOUND, true));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("a withdrawal has no JSON", e);
        }
    }

    /** Whether it is such a one. */
    static boolean isBound(String text) {
        try {
            return JSON.readTree(text).path(BOUND).asBoolean(false);
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    /** Why the word of a {@code /master} was taken back; null if it was not. */
    static @Nullable String withdrawalOf(String text) {
        try {
            JsonNode why = JSON.readTree(text).path(WITHDRAWN);
            return why.isTextual() ? why.asText() : null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    /** The epoch that a {@code /master} names, be its word taken back or its format unknown; 0 if it names none. */
    static long epochOf(String text) {
        try {
            return JSON.readTree(text).path("epoch").asLong(0);
        } catch (JsonProcessingException e) {
            return 0;
        }
    }

    /** Reads what {@link #write} wrote; Unknown, naming the znode, if it is anything else. */
    Seen<T> read(String path, String text) {
        try {
            JsonNode node = JSON.readTree(text);
            if (node.has(WITHDRAWN)) {
                return new Unknown<>(node.path(WITHDRAWN).asText());
            }
            int found = node.path(FORMAT).asInt(0);
            if (!(node instanceof ObjectNode fields)) {
                return new Unknown<>(path + " has format " + found + ", this version knows " + format);
            }
            if (grown != null && found == format - 1 && grown.isMissing(fields)) {
                grown.add(fields);
            } else if (found != format) {
                return new Unknown<>(path + " has format " + found + ", this version knows " + format);
            }
            fields.remove(FORMAT);
            String missing = firstNull(type, fields);
            if (missing != null) {
                return new Unknown<>(path + " lacks " + missing);
            }
            return new Found<>(JSON.treeToValue(fields, type));
        } catch (IOException e) {
            return new Unknown<>(path + " is not a " + type.getSimpleName() + ": " + e.getMessage() + ": " + text);
        }
    }

    /** The dotted name of the first component, of records in it too, that is null and may not be; Jackson lets it pass. */
    private static @Nullable String firstNull(Class<?> record, JsonNode fields) {
        for (RecordComponent component : record.getRecordComponents()) {
            JsonNode field = fields.path(component.getName());
            boolean empty = field.isNull() || field.isMissingNode();
            if (empty && !component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                return component.getName();
            }
            String inner = !empty && component.getType().isRecord() ? firstNull(component.getType(), field) : null;
            if (inner != null) {
                return component.getName() + "." + inner;
            }
        }
        return null;
    }

    private static final class GtidSetReader extends FromStringDeserializer<GtidSet> {
        GtidSetReader() {
            super(GtidSet.class);
        }

        @Override
        protected GtidSet _deserialize(String text, DeserializationContext context) {
            return GtidSet.parse(text);
        }

        @Override
        protected Object _deserializeFromEmptyString(DeserializationContext context) {
            return GtidSet.EMPTY;
        }
    }

    private static final class DurationReader extends FromStringDeserializer<Duration> {
        DurationReader() {
            super(Duration.class);
        }

        @Override
        protected Duration _deserialize(String text, DeserializationContext context) throws IOException {
            try {
                return Duration.parse(text);
            } catch (DateTimeParseException e) {
                throw context.weirdStringException(text, Duration.class, "not an ISO 8601 duration");
            }
        }
    }
}
