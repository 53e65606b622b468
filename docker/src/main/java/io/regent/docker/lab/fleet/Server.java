package io.regent.docker.lab.fleet;

import io.regent.sql.session.ServerAddress;
import io.regent.sql.session.Sessions;
import java.nio.file.Path;
import java.util.Optional;

/** The MySQL of a region. */
public interface Server extends Member {
    /** Where this JVM and the application reach it; the same over restarts. */
    ServerAddress address();

    /** Sessions of the administrator. */
    Sessions sessions();

    /** Where its data is, if that is a directory of this machine. */
    default Optional<Path> dataDirectory() {
        return Optional.empty();
    }
}
