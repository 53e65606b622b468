/**
 * For applications: after a commit, to wait until it is durable in other regions.
 *
 * <p>It knows JDBC, Connector/J, HTTP and GTIDs, and nothing else of Regent; it opens no session with MySQL and changes
 * no row.
 */
@NullMarked
package io.regent.sql.client;

import org.jspecify.annotations.NullMarked;
