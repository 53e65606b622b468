package io.regent.sql.fence;

import io.regent.sql.schema.LocalState;
import io.regent.sql.session.Answers;
import io.regent.sql.session.ServerState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * What a server was at one look. Each part is no older than the one before it, and in the state the executed set stands
 * behind the variables: it is never older than the epoch and the write state that it is judged under.
 *
 * @param known what it knows in {@code regent_local}
 * @param state what it says about itself
 * @param prepared its prepared XA transactions
 */
public record FenceLook(LocalState known, ServerState state, List<PreparedXa> prepared) {
    private static final String QUERIES =
            String.join(";", LocalState.QUERIES, ServerState.QUERY, XaTransactions.PREPARED);

    /** Copies the list. */
    public FenceLook {
        prepared = List.copyOf(prepared);
    }

    static FenceLook at(Connection session) throws SQLException {
        try (Answers answers = Answers.to(session, QUERIES)) {
            LocalState known = LocalState.of(answers, true);
            ServerState state = stateOf(answers);
            try (ResultSet row = answers.next()) {
                return new FenceLook(known, state, XaTransactions.prepared(row));
            }
        }
    }

    private static ServerState stateOf(Answers answers) throws SQLException {
        try (ResultSet row = answers.next()) {
            return ServerState.of(row);
        }
    }
}
