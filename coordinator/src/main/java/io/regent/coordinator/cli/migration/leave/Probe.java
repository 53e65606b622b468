package io.regent.coordinator.cli.migration.leave;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.cluster.ServerErrors;
import io.regent.sql.init.AccountRole;
import io.regent.sql.schema.CommitProbe;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;

/** The row of the probe writes at the source: once it is there, it is only changed. */
final class Probe {
    private final LeaveOrder order;

    Probe(LeaveOrder order) {
        this.order = order;
    }

    /** Writes it. */
    void write() throws CliException {
        try (Connection session =
                order.config().sessions(order.source(), AccountRole.OBSERVE).open()) {
            CommitProbe.write(session);
        } catch (SQLException e) {
            String user = Objects.requireNonNull(order.config().accounts().get(AccountRole.OBSERVE))
                    .user();
            throw new CliException(ServerErrors.explain(order.source(), user, e), e);
        }
    }
}
