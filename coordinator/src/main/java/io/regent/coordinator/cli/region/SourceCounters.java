package io.regent.coordinator.cli.region;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.config.RegionConfig;
import io.regent.replicator.stranded.StrandedNumbers;
import io.regent.replicator.stranded.StrandedTable;
import io.regent.sql.counter.Counters;
import io.regent.sql.counter.Counters.Table;
import io.regent.sql.session.Statements;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a region gave out is given to nobody else, though its data go: the source's counters are raised above the region's
 * own and above what stranded transactions used, and the copy brings them along. Done before anything is lost, so that it
 * can be done again.
 */
final class SourceCounters {
    private static final String PATIENCE = "SET SESSION lock_wait_timeout = 5";

    private SourceCounters() {}

    /** @param target a session of an administrator on the region's server */
    static void raise(Work work, Connection target, RegionConfig source) throws CliException, SQLException {
        Map<Table, BigInteger> own = Counters.givenOut(Counters.read(target));
        List<Table> raised = work.servers().with(source, session -> {
            Statements.execute(session, PATIENCE);
            List<Table> all = new ArrayList<>(Counters.raise(session, own));
            if (StrandedTable.hasDecisions(session)) {
                all.addAll(Counters.raise(session, StrandedNumbers.highest(session, StrandedTable.gtids(session))));
            }
            return all;
        });
        if (!raised.isEmpty()) {
            work.tell()
                    .accept("AUTO_INCREMENT of " + source.name() + " was raised above what " + work.region()
                            + " gave out: " + raised);
        }
    }
}
