/**
 * What a drill found, as plain data, and how it is told from what clients and samplers recorded.
 *
 * <p>It renders nothing; times are milliseconds since the drill began.
 */
@NullMarked
package io.regent.docker.lab.report.result;

import org.jspecify.annotations.NullMarked;
