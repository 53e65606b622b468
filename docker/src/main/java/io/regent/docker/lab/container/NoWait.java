package io.regent.docker.lab.container;

import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;

/** Whoever starts a container waits for what it needs of it. */
final class NoWait extends AbstractWaitStrategy {
    @Override
    protected void waitUntilReady() {}
}
