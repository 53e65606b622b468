package io.regent.replicator.verify;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Things that are closed together: each of them, though another fails to. */
final class Closing implements AutoCloseable {
    private final List<AutoCloseable> all = new ArrayList<>();

    /** Closes this too. */
    <T extends AutoCloseable> T add(T one) {
        all.add(one);
        return one;
    }

    /** Closes everything because of an error, which stays the one that counts. */
    void after(SQLException error) {
        try {
            close();
        } catch (SQLException e) {
            error.addSuppressed(e);
        }
    }

    /**
     * Closes everything.
     *
     * @throws SQLException the first that failed; the others are suppressed in it
     */
    @Override
    public void close() throws SQLException {
        @Nullable SQLException first = null;
        for (AutoCloseable one : all) {
            try {
                one.close();
            } catch (Exception e) {
                SQLException failed = e instanceof SQLException sql ? sql : new SQLException("closing failed", e);
                if (first == null) {
                    first = failed;
                } else {
                    first.addSuppressed(failed);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
