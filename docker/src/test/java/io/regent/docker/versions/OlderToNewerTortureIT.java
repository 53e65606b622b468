package io.regent.docker.versions;

/** From 8.0 to 9.7. */
class OlderToNewerTortureIT extends TortureBothWays {
    OlderToNewerTortureIT() {
        super(false);
    }
}
