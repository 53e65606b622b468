/**
 * Replaces a server's data by another's, with MySQL's CLONE plugin, and gives a server another uuid.
 *
 * <p>It decides nothing and checks no mastership: whether a server may be replaced is the caller's to know.
 *
 * <p>Both may be ordered twice, and by somebody who was paused for hours after he looked. So all that takes a server's rows
 * away or makes them its own is done on one session that mysqld gives to one at a time ({@code SoleSession}), and only
 * while uuid and rows are what was seen ({@code Ownership}).
 *
 * <p>What a clone brings, as tried on 8.0.33: all rows and accounts of the donor, {@code regent_local} too, and its
 * executed set; the binlog begins anew with all of it purged. What stays: the configuration, {@code mysqld-auto.cnf} (so
 * that the server starts SEALED) and {@code auto.cnf}, which is read at the start only: one that is written before or
 * during the clone holds from the restart on. A SEALED server refuses the clone.
 *
 * <p>What it leaves when it is broken off, as tried: first the tables go, one by one and {@code regent_local}'s among the
 * first, then the schemas, at last the binlogs and with them the executed set. So a server that was killed in between may
 * have executed everything and hold nothing. The system schemas stay. A recipient waits five minutes for a donor that is
 * gone; its process list does not show the statement meanwhile, only {@code performance_schema.clone_status} the session.
 */
@NullMarked
package io.regent.sql.rebuild;

import org.jspecify.annotations.NullMarked;
