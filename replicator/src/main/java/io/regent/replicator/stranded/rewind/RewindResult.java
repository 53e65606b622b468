package io.regent.replicator.stranded.rewind;

import io.regent.sql.gtid.GtidSet;
import java.util.Optional;

/**
 * What a rewind came to.
 *
 * @param rewound transactions that it undid now
 * @param before transactions that had been undone by earlier calls
 * @param obstacle the first that could not be; it and all that stand before it in the binlog are as they were
 */
public record RewindResult(GtidSet rewound, GtidSet before, Optional<Obstacle> obstacle) {}
