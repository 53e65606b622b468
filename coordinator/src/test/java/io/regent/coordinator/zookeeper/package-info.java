/** Tests against a real ZooKeeper server in this process. */
@NullMarked
package io.regent.coordinator.zookeeper;

import org.jspecify.annotations.NullMarked;
