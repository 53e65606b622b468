package io.regent.replicator.verify.table;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Goes through all regions' rows of a table side by side. */
public final class RowMerge implements AutoCloseable {
    /** Is told what the regions hold under each key, in ascending order. */
    public interface Visitor {
        /**
         * Takes what is held under one key.
         *
         * @param regions every region, with {@link RowImage#ABSENT} where there is no such row; valid during the call
         * @param sample the whole row of one of the regions
         */
        void row(RowKey key, Map<String, RowImage> regions, RowImage sample);
    }

    private final TableShape shape;
    private final Map<String, RowStream> streams = new LinkedHashMap<>();

    private RowMerge(TableShape shape) {
        this.shape = shape;
    }

    /**
     * Begins to read.
     *
     * @param regions name to session
     * @param sql selects the numbers of the {@link RowKey}, then anything, in the key's order
     */
    public static RowMerge open(Map<String, Connection> regions, String sql, TableShape shape) throws SQLException {
        RowMerge merge = new RowMerge(shape);
        try {
            for (Map.Entry<String, Connection> region : regions.entrySet()) {
                merge.streams.put(region.getKey(), RowStream.open(region.getValue(), sql, shape));
            }
            return merge;
        } catch (SQLException e) {
            merge.close();
            throw e;
        }
    }

    /** Reads everything. */
    public void forEach(Visitor visitor) throws SQLException {
        Map<String, RowImage> found = new LinkedHashMap<>();
        for (RowKey key = first(); key != null; key = first()) {
            RowImage sample = RowImage.ABSENT;
            for (Map.Entry<String, RowStream> region : streams.entrySet()) {
                long copies = 0;
                RowImage image = RowImage.ABSENT;
                for (RowStream stream = region.getValue(); key.equals(stream.key()); stream.advance()) {
                    image = stream.image();
                    sample = image;
                    copies++;
                }
                found.put(region.getKey(), shape.hasKey() ? image : RowImage.copies(copies));
            }
            visitor.row(key, found, sample);
        }
    }

    private @Nullable RowKey first() {
        return streams.values().stream()
                .map(RowStream::key)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /** What each region holds, by key. */
    public Map<String, Map<RowKey, RowImage>> byRegion() throws SQLException {
        Map<String, Map<RowKey, RowImage>> all = new LinkedHashMap<>();
        streams.keySet().forEach(region -> all.put(region, new HashMap<>()));
        forEach((key, regions, sample) -> regions.forEach(
                (region, image) -> Objects.requireNonNull(all.get(region)).put(key, image)));
        return all;
    }

    @Override
    public void close() throws SQLException {
        for (RowStream stream : streams.values()) {
            stream.close();
        }
    }
}
