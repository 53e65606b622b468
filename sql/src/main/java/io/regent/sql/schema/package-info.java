/**
 * The schema {@code regent_local} of one server: its SQL, and the rows that say which epochs, verdicts, rewound
 * transactions and guards the server knows.
 *
 * <p>The rows say whose they are: on a server with another uuid, one that was started on a copy of the data, no
 * coordinator believes them and mysqld itself neither opens nor lets an apply session pass, until
 * {@code dbctl region rebuild} or {@code rejoin} makes them that server's own.
 *
 * <p>Nothing of it is ever replicated; what is of one server and yet in its binlog, the probe's row, has a schema of its
 * own. The tables of the schema {@code regent} are made here too; their rows are replicated.
 *
 * <p>It opens and closes nothing; that is the fence's.
 */
@NullMarked
package io.regent.sql.schema;

import org.jspecify.annotations.NullMarked;
