/**
 * Opens and closes one MySQL server for writes, and keeps its lease where the dead-man inside mysqld sees it.
 *
 * <p>It decides nothing: whether a server may open or must close is the coordinator's to know. PROTOCOL.md, "Write
 * states" and "Lease", has the rules; the dead-man, {@code open} and {@code guard} are SQL in package {@code schema}.
 */
@NullMarked
package io.regent.sql.fence;

import org.jspecify.annotations.NullMarked;
