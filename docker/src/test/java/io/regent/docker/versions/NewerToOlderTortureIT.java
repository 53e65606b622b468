package io.regent.docker.versions;

/** From 9.7 to 8.0. */
class NewerToOlderTortureIT extends TortureBothWays {
    NewerToOlderTortureIT() {
        super(true);
    }
}
