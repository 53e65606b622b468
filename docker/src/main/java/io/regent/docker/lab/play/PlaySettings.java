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
 * @param peace each time of peace
 * @param directory where everything is
 * @param json where the report goes as well
 */
public record PlaySettings(
        long seed, int clients, int rate, Duration load, Duration peace, Path directory, Optional<Path> json) {
    /** Of the load's time a third belongs to each of three times of peace. */
    public PlaySettings(long seed, int clients, int rate, Duration load, Path directory, Optional<Path> json) {
        this(seed, clients, rate, load, load.dividedBy(3), directory, json);
    }

    /** The same with a time of peace that is no longer than this. */
    public PlaySettings withPeace(Duration longest) {
        return new PlaySettings(
                seed, clients, rate, load, peace.compareTo(longest) < 0 ? peace : longest, directory, json);
    }
}
