package io.regent.failover.view;

import io.regent.sql.gtid.GtidSet;

/**
 * What a dead MySQL left on its disk, read after it was proven dead: nothing can be added to it before it is started again.
 *
 * @param executed what its binlog files say that it executed, as far as a link could carry what it wrote last
 * @param openedEpoch the last epoch in which it was known to be opened, 0 if in none
 */
public record Remains(GtidSet executed, long openedEpoch) {}
