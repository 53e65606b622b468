package io.regent.docker.lab.check;

import java.sql.SQLException;
import java.util.List;

/**
 * A query that must find nothing in any region: each row that it finds violates an invariant.
 *
 * @param invariant which
 * @param examined what it looks at, in a few words
 * @param table whose rows they are: where none are, nothing was examined
 * @param sql its columns are what a message shows
 */
public record EmptyQuery(Invariant invariant, String examined, String table, String sql) implements Checker {
    @Override
    public void check(Evidence evidence, Judgement judgement) throws SQLException {
        long rows = 0;
        for (String region : evidence.regions().names()) {
            rows += Long.parseLong(evidence.regions()
                    .query(region, "SELECT COUNT(*) FROM " + table)
                    .get(0));
            List<String> found = evidence.regions().query(region, sql);
            judgement.violated(
                    invariant,
                    found.size(),
                    found.stream().map(row -> region + ": " + row).toList());
        }
        judgement.examined(invariant, rows, examined);
    }
}
