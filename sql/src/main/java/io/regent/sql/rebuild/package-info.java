/**
 * Replaces a server's data by another's, with MySQL's CLONE plugin, and gives a server another uuid.
 *
 * <p>It decides nothing and checks no mastership: whether a server may be replaced is the caller's to know.
 *
 * <p>What a clone brings, as tried on 8.0.33: all rows and accounts of the donor, {@code regent_local} too, and its
 * executed set; the binlog begins anew with all of it purged. What stays: the configuration, {@code mysqld-auto.cnf} (so
 * that the server starts SEALED) and {@code auto.cnf}, which is read at the start only: one that is written before or
 * during the clone holds from the restart on. A SEALED server refuses the clone, with its schemas half dropped.
 */
@NullMarked
package io.regent.sql.rebuild;

import org.jspecify.annotations.NullMarked;
