/**
 * Connections to one server, its state, its accounts, quoting.
 *
 * <p>It holds no SQL that opens or closes a server for writes; that is the fence's.
 */
@NullMarked
package io.regent.sql.session;

import org.jspecify.annotations.NullMarked;
