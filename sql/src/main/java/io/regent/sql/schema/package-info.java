/**
 * The schema {@code regent_local} of one server: its SQL, and the rows that say which epochs, verdicts, rewound
 * transactions and guards the server knows.
 *
 * <p>Nothing of it is ever replicated. It opens and closes nothing; that is the fence's.
 */
@NullMarked
package io.regent.sql.schema;

import org.jspecify.annotations.NullMarked;
