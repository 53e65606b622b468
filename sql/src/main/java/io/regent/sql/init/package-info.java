/**
 * What a server needs before Regent can run it: accounts, settings, the schema {@code regent_local}; found, planned,
 * made and read back.
 *
 * <p>Nothing of it is replicated and no write state is changed.
 */
@NullMarked
package io.regent.sql.init;

import org.jspecify.annotations.NullMarked;
