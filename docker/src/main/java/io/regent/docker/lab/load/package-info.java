/**
 * Applications and their clients, the identity service first of all: tables, operations, and how an application follows
 * the master.
 *
 * <p>It knows no more of Regent than an application does: a coordinator's {@code /primary}.
 */
@NullMarked
package io.regent.docker.lab.load;

import org.jspecify.annotations.NullMarked;
