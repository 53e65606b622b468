package io.regent.docker.lab.play;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What the user chose.
 *
 * @param seed of everything that the clients choose
 * @param clients how many clients write at a time
 * @param rate how many writes a second they make together
 * @param load how long they write in peace, all told
 * @param directory where everything is
 * @param json where the report goes as well
 */
public record PlaySettings(long seed, int clients, int rate, Duration load, Path directory, Optional<Path> json) {
    /** How much of the load's time belongs to each of the three times of peace. */
    public Duration peace() {
        return load.dividedBy(3);
    }
}
