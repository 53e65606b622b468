/**
 * What clients asked and what they were told, kept outside the databases: the only witness that no failover can change.
 *
 * <p>It judges nothing; that is the checkers'.
 */
@NullMarked
package io.regent.docker.lab.history;

import org.jspecify.annotations.NullMarked;
