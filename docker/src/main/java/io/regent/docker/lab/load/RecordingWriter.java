package io.regent.docker.lab.load;

import io.regent.docker.lab.history.Intent;
import io.regent.docker.lab.history.Place;
import io.regent.docker.lab.history.Reply;
import io.regent.docker.lab.history.Write;
import io.regent.docker.lab.load.ApplicationSession.Answer;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.session.MysqlErrors;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Writes through one session, and records what came of every write. */
public final class RecordingWriter implements Operations.Writer {
    private final ApplicationSession session;
    private final Consumer<? super Write> history;
    private final int client;
    private final Place place;
    private int sent;

    /**
     * Over a session.
     *
     * @param history is told every write as soon as its outcome is known
     * @param client the number of whoever writes, which no other client has
     * @param place where the session is
     */
    public RecordingWriter(ApplicationSession session, Consumer<? super Write> history, int client, Place place) {
        this.session = session;
        this.history = history;
        this.client = client;
        this.place = place;
    }

    /** The number of whoever writes. */
    public int client() {
        return client;
    }

    /** How many writes came to an end, whichever. */
    int sent() {
        return sent;
    }

    @Override
    public Answer write(Intent intent, String sql, Object... arguments) throws SQLException {
        long start = System.nanoTime();
        try {
            Answer answer = session.write(sql, arguments);
            record(start, intent, Reply.acknowledged(answer.gtid()));
            return answer;
        } catch (SQLException e) {
            record(start, intent, failed(e));
            throw e;
        }
    }

    @Override
    public Answer write(Intent intent, List<Operations.Change> transaction) throws SQLException {
        long start = System.nanoTime();
        Answer last = beforeCommit(start, intent, transaction);
        try {
            Optional<Gtid> gtid = session.commit();
            record(start, intent, Reply.acknowledged(gtid));
            return new Answer(last.rows(), last.id(), gtid);
        } catch (SQLException e) {
            record(start, intent, failed(e));
            throw e;
        }
    }

    /** Nobody has said COMMIT: whatever goes wrong, nothing of it happened. */
    private Answer beforeCommit(long start, Intent intent, List<Operations.Change> transaction) throws SQLException {
        try {
            session.begin();
            Answer last = new Answer(0, 0, Optional.empty());
            for (Operations.Change change : transaction) {
                last = session.write(change.sql(), change.arguments().toArray());
                if (last.rows() != change.rows()) {
                    throw new SQLException(
                            last.rows() + " instead of " + change.rows() + " rows: called off",
                            "45000",
                            MysqlErrors.SIGNAL);
                }
            }
            return last;
        } catch (SQLException e) {
            record(start, intent, Reply.refused(e.getErrorCode()));
            if (!MysqlErrors.isConnectionLost(e)) {
                session.rollback();
            }
            throw e;
        }
    }

    @Override
    public List<List<String>> read(String sql, Object... arguments) throws SQLException {
        return session.read(sql, arguments);
    }

    private static Reply failed(SQLException e) {
        // Without a code it is not the server who speaks.
        boolean lost = MysqlErrors.isConnectionLost(e) || e.getErrorCode() == 0;
        return lost ? Reply.unknown(e.getErrorCode()) : Reply.refused(e.getErrorCode());
    }

    private void record(long start, Intent intent, Reply reply) {
        sent++;
        history.accept(new Write(start, System.nanoTime(), client, intent, reply, place));
    }
}
