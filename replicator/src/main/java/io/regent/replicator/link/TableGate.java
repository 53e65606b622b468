package io.regent.replicator.link;

import io.regent.replicator.apply.ApplyException;
import io.regent.replicator.apply.TableCheck;
import io.regent.replicator.transaction.SourceTransaction;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.session.MysqlErrors;
import java.sql.SQLException;

/** Whether the target's tables are those of the source, asked before rows go into them. Used by one thread. */
final class TableGate {
    private final TableCheck check;
    private final TargetProgress progress;

    TableGate(TableCheck check, TargetProgress progress) {
        this.check = check;
        this.progress = progress;
    }

    /** A definition has changed some of them. */
    void forget() {
        check.forget();
    }

    /**
     * Asks the target, unless the transaction makes its table itself.
     *
     * @throws LinkFailure if they are not, and it was not executed meanwhile
     */
    void require(SourceTransaction transaction) throws LinkFailure {
        if (transaction.makesItsTable()) {
            return; // there is nothing to compare yet
        }
        try {
            check.require(transaction);
        } catch (ApplyException e) {
            String why = String.valueOf(e.getMessage());
            if (e.remedy() != ApplyException.Remedy.STOP) {
                throw LinkFailure.passing(why, e);
            }
            if (!wasBroughtByAnother(transaction.gtid())) {
                throw LinkFailure.lasting(why, e);
            }
        }
    }

    /** Then its tables may have changed since, and MySQL passes over it. */
    private boolean wasBroughtByAnother(Gtid gtid) throws LinkFailure {
        try {
            return progress.executed().contains(gtid);
        } catch (SQLException e) {
            throw LinkFailure.passing("the target can't be asked: " + MysqlErrors.line(e), e);
        }
    }
}
