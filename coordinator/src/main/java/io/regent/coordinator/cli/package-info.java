/**
 * The command line {@code dbctl}: options, commands and what they print.
 *
 * <p>It decides nothing about a cluster; commands call the module that does.
 */
@NullMarked
package io.regent.coordinator.cli;

import org.jspecify.annotations.NullMarked;
