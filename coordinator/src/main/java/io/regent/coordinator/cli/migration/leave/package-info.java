/**
 * Taking a cluster over from native replication, and handing it back. What is made for a cluster is made by the commands of
 * {@code cluster}; this says in which order, and lets no two appliers work on one server.
 */
@NullMarked
package io.regent.coordinator.cli.migration.leave;

import org.jspecify.annotations.NullMarked;
