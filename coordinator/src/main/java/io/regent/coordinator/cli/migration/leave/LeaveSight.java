package io.regent.coordinator.cli.migration.leave;

import io.regent.sql.channel.ReplicaSight;
import io.regent.sql.fence.Parting.Ties;

/**
 * A region's server before it is handed back.
 *
 * @param server its part in native replication
 * @param ties what it has of Regent
 * @param held how many stranded transactions nobody has decided about, as far as it knows
 */
record LeaveSight(ReplicaSight server, Ties ties, long held) {}
