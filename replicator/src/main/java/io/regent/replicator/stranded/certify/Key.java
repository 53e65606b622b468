package io.regent.replicator.stranded.certify;

import java.util.List;

/**
 * Values of some columns by which a row is told from others, or by which others refer to it.
 *
 * <p>Two keys are equal if they may name the same row: the values stand in a form in which whatever MySQL takes for
 * equal is equal.
 */
public final class Key {
    private final Place place;
    private final List<String> values;
    private final String text;

    /**
     * @param place whose values they are
     * @param values one for each column of the place
     * @param text the key for people
     */
    public Key(Place place, List<String> values, String text) {
        this.place = place;
        this.values = List.copyOf(values);
        this.text = text;
    }

    /**
     * Where keys can be compared.
     *
     * @param table {@code schema.table}
     * @param columns in an order that is the same whoever names them
     */
    public record Place(String table, List<String> columns) {
        public Place {
            columns = List.copyOf(columns);
        }
    }

    public Place place() {
        return place;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Key that && place.equals(that.place) && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return 31 * place.hashCode() + values.hashCode();
    }

    /** For people: {@code user.PRIMARY=5}. */
    @Override
    public String toString() {
        return text;
    }
}
