/**
 * Commands about who may write: {@code status}, {@code promote}, {@code history}.
 *
 * <p>They read ZooKeeper and ask coordinators over HTTP; the only thing they write is a plan. No MySQL is touched.
 */
@NullMarked
package io.regent.coordinator.cli.mastership;

import org.jspecify.annotations.NullMarked;
