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
     * Writes {@code TEST-NAME.xml} (JUnit), {@code NAME.md}, {@code NAME.html}, and the timeline of
     * each drill as {@code DRILL.svg}.
     *
     * @param directory is made if it is not there
     * @param name what the files are called
     * @throws IOException if one cannot be written
     */
    public static void write(Path directory, String name, List<DrillResult> results) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("TEST-" + name + ".xml"), JunitXml.of(results));
        Files.writeString(directory.resolve(name + ".md"), Markdown.of(results));
        Files.writeString(directory.resolve(name + ".html"), Html.of(results));
        for (DrillResult result : results) {
            Files.writeString(
                    directory.resolve(result.run().name().replaceAll("[^\\w.-]", "_") + ".svg"),
                    TimelineSvg.alone(result));
        }
    }
}
