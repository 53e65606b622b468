package io.regent.docker.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script in a tree of its own, with an engine that only writes down what it is told. */
@DisabledOnOs(OS.WINDOWS)
class PrepareTest {
    /** Images are files; a registry is there if it has a folder, and has the images in it. */
    private static final String DOCKER = """
            #!/bin/sh
            echo "$@" >>"$FAKE/calls"
            file() { echo "$FAKE/$1/$(echo "$2" | tr /: __)"; }
            case "$1 $2" in
                "image inspect") for last; do :; done; [ -f "$(file images "$last")" ] && cat "$(file images "$last")" ;;
                "pull --quiet") [ -f "$(file registry "$3")" ] && echo "$3" >"$(file images "$3")" ;;
                "build --quiet")
                    while [ "$1" != --tag ]; do shift; done
                    echo "$2" >"$(file images "$2")" ;;
                "tag "*) cp "$(file images "$2")" "$(file images "$3")" ;;
                "network ls") case $* in *label=*) cat "$FAKE/networks" ;; esac ;;
            esac
            """;

    private static final String NOTHING = "#!/bin/sh\nexit 1\n";
    private static final String MIRROR = "#!/bin/sh\n[ \"$1\" != indextargets ]\n";

    @TempDir
    private Path directory;

    private Path tree;
    private Path fake;

    private record Result(int exit, String output) {}

    @BeforeEach
    void layOut() throws IOException {
        tree = directory.resolve("tree");
        fake = directory.resolve("fake");
        copy(Path.of("images"), tree.resolve("docker/images"));
        for (String file : List.of(
                "docker/target/lib.list",
                "coordinator/target/lib.list",
                "sql/target/mysql-8.0.33/bin/mysqld",
                "sql/target/mysql-8.0.33/bin/mysqladmin",
                "sql/target/mysql-8.0.33/lib/private/libz.so",
                "sql/target/mysql-8.0.33/lib/plugin/mysql_clone.so",
                "sql/target/mysql-8.0.33/share/english/errmsg.sys",
                "jdk/jmods/java.base.jmod",
                "jdk/release")) {
            Files.createDirectories(tree.resolve(file).getParent());
            Files.createFile(tree.resolve(file));
        }
        for (String library : List.of("zookeeper-1.jar", "netty-1.jar", "slf4j-api-1.jar", "logback-1.jar")) {
            Files.createFile(tree.resolve("coordinator/target").resolve(library));
        }
        Files.writeString(
                tree.resolve("coordinator/target/lib.list"),
                "zookeeper-1.jar:netty-1.jar:slf4j-api-1.jar:logback-1.jar");
        for (String module : List.of("coordinator", "replicator", "failover", "sql")) {
            Files.createDirectories(tree.resolve(module).resolve("target"));
            Files.createFile(tree.resolve(module).resolve("target/regent-" + module + "-1.jar"));
        }
        program(tree.resolve("jdk/bin/jlink"), "#!/bin/sh\nexit 0\n");
        Files.createDirectories(fake.resolve("images"));
        program(fake.resolve("bin/docker"), DOCKER);
        program(fake.resolve("bin/apt-get"), MIRROR);
        program(fake.resolve("bin/debootstrap"), NOTHING);
        has("images", "regent/debian:bookworm", "regent/haproxy:dev");
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path one : all.toList()) {
                Path target = to.resolve(from.relativize(one).toString());
                Files.createDirectories(target.getParent());
                if (Files.isRegularFile(one)) {
                    Files.copy(one, target, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    private static void program(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private void has(String folder, String... images) throws IOException {
        Files.createDirectories(fake.resolve(folder));
        for (String image : images) {
            Files.writeString(
                    fake.resolve(folder).resolve(image.replace('/', '_').replace(':', '_')), image);
        }
    }

    private Result run(Map<String, String> environment, Path program, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", program.toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("REGENT_") || name.startsWith("SUDO_"));
        builder.environment().put("FAKE", fake.toString());
        builder.environment().put("JAVA_HOME", tree.resolve("jdk").toString());
        builder.environment().put("PATH", fake.resolve("bin") + ":" + System.getenv("PATH"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), output);
    }

    private Result prepare(Map<String, String> environment, String... words) throws Exception {
        return run(environment, tree.resolve("docker/images/prepare"), words);
    }

    private List<String> builds(String image) throws IOException {
        return Files.readAllLines(fake.resolve("calls")).stream()
                .filter(call -> call.startsWith("build ") && call.contains("--tag " + image + " "))
                .toList();
    }

    @Test
    void whereARegistryIsReachableTheOfficialImagesAreUsedWithWhatDrillsNeedOverThem() throws Exception {
        has("registry", "debian:bookworm-slim", "mysql:8.0.33", "mysql:9.7", "haproxy:2.8");

        Result result = prepare(Map.of(), "both");

        assertThat(result.exit()).as(result.output()).isZero();
        assertThat(builds("regent/base:dev"))
                .isNotEmpty()
                .allMatch(call -> call.contains("FROM=debian:bookworm-slim "));
        assertThat(builds("regent/mysql:8.0.33")).isNotEmpty().allMatch(call -> call.contains("FROM=mysql:8.0.33 "));
        assertThat(builds("regent/mysql:9.7")).isNotEmpty().allMatch(call -> call.contains("FROM=mysql:9.7 "));
        assertThat(Files.readAllLines(fake.resolve("calls"))).contains("tag haproxy:2.8 regent/haproxy:dev");
    }

    @Test
    void whereNoRegistryIsReachableTheBuildsOwnMySqlIsUsedAndOnlyOneImageIsWaitedFor() throws Exception {
        Result result = prepare(Map.of());

        assertThat(result.exit()).as(result.output()).isZero();
        assertThat(builds("regent/mysql:8.0.33")).isNotEmpty().allMatch(call -> call.contains("FROM=regent/base:dev "));
        assertThat(Files.readAllLines(fake.resolve("calls")))
                .filteredOn(call -> call.startsWith("pull "))
                .containsExactly("pull --quiet debian:bookworm-slim");
    }

    @Test
    void theUsersOwnImageTakesThePlaceOfTheOfficialOne() throws Exception {
        has("registry", "debian:bookworm-slim", "haproxy:2.8");
        has("images", "example/mysql:8.0.40");

        Result result = prepare(Map.of("REGENT_MYSQL_IMAGE", "example/mysql:8.0.40"));

        assertThat(result.exit()).as(result.output()).isZero();
        assertThat(builds("regent/mysql:8.0.33"))
                .isNotEmpty()
                .allMatch(call -> call.contains("FROM=example/mysql:8.0.40 "));
    }

    @Test
    void theNewerVersionIsSaidToBeMissingAndIsAnErrorWhereItIsRequired() throws Exception {
        has("registry", "debian:bookworm-slim", "mysql:8.0.33", "haproxy:2.8");

        Result said = prepare(Map.of(), "both");
        Result required = prepare(Map.of("REGENT_DRILLS_REQUIRE", "9.7"), "both");

        assertThat(said.output()).contains("NO MySQL 9.7 IS TO BE HAD HERE", "images: ready");
        assertThat(said.exit()).isZero();
        assertThat(required.output()).contains("MySQL 9.7 is required (regent.drills.require)");
        assertThat(required.exit()).isEqualTo(1);
    }

    private Result leftBehind(String... words) throws Exception {
        return run(Map.of(), tree.resolve("docker/left-behind"), words);
    }

    @Test
    void whatTestsLeaveBehindIsNamedAndWhatWasThereBeforeIsNot() throws Exception {
        Files.copy(Path.of("left-behind"), tree.resolve("docker/left-behind"));
        String gone = "here@all/999999999/1/1 ";
        Files.writeString(fake.resolve("networks"), gone + "network old\n");
        assertThat(leftBehind("before").exit()).isZero();
        Files.writeString(
                fake.resolve("networks"),
                gone + "network old\n" + gone + "network new\nhere@all/"
                        + ProcessHandle.current().pid() + "/1/1 network of-another\n");

        Result result = leftBehind("after", "1");

        assertThat(result.exit()).as(result.output()).isEqualTo(1);
        assertThat(result.output())
                .contains("left behind by the tests:", "network new")
                .doesNotContain("network old", "of-another");
    }

    @Test
    void whoDidNotLookBeforeTheTestsCannotSayThatNothingIsLeft() throws Exception {
        Files.copy(Path.of("left-behind"), tree.resolve("docker/left-behind"));

        Result result = leftBehind("after", "1");

        assertThat(result.exit()).as(result.output()).isEqualTo(1);
        assertThat(result.output()).contains("nobody wrote down what there was before");
    }
}
