/**
 * Results of drills as text: JUnit XML for continuous integration, Markdown for a page, one HTML file that needs nothing
 * else. Pure functions from a result to a text; only {@link io.regent.docker.lab.report.Reports} writes files.
 *
 * <p>It judges nothing.
 */
@NullMarked
package io.regent.docker.lab.report;

import org.jspecify.annotations.NullMarked;
