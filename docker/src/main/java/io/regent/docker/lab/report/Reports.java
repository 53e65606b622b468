package io.regent.docker.lab.report;

import io.regent.docker.lab.report.result.DrillResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes all reports of some drills into a directory. */
public final class Reports {
    private Reports() {}

    /**
     * Writes {@code TEST-drills.xml} (JUnit), {@code drills.md} and {@code drills.html}.
     *
     * @param directory is made if it is not there
     * @throws IOException if one cannot be written
     */
    public static void write(Path directory, List<DrillResult> results) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("TEST-drills.xml"), JunitXml.of(results));
        Files.writeString(directory.resolve("drills.md"), Markdown.of(results));
        Files.writeString(directory.resolve("drills.html"), Html.of(results));
    }
}
