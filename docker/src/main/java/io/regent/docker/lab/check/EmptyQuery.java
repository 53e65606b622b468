package io.regent.docker.lab.check;

import java.sql.SQLException;
import java.util.List;

/**
 * A query that must find nothing in any region: each row that it finds violates an invariant.
 *
 * @param invariant which
 * @param examined what it looks at, in a few words
 * @param sql its columns are what a message shows
 */
public record EmptyQuery(Invariant invariant, String examined, String sql) implements Checker {
    @Override
    public void check(Evidence evidence, Judgement judgement) throws SQLException {
        judgement.examined(invariant, examined);
        for (String region : evidence.regions().names()) {
            List<String> rows = evidence.regions().query(region, sql);
            judgement.violated(
                    invariant,
                    rows.size(),
                    rows.stream().map(row -> region + ": " + row).toList());
        }
    }
}
