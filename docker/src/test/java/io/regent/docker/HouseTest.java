package io.regent.docker;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know whom. Think hard before changing a line here. */
@AnalyzeClasses(
        packages = "io.regent",
        importOptions = {ImportOption.DoNotIncludeTests.class, HouseTest.WithoutTestJars.class})
class HouseTest {
    /** The tests of another module come as a jar. */
    static final class WithoutTestJars implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar");
        }
    }

    @ArchTest
    static final ArchRule one_server_knows_no_other_room = noClasses()
            .that()
            .resideInAPackage("io.regent.sql..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.regent.failover..", "io.regent.replicator..", "io.regent.coordinator..", "io.regent.docker..");

    @ArchTest
    static final ArchRule the_replicator_knows_nothing_of_mastership = noClasses()
            .that()
            .resideInAPackage("io.regent.replicator..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.regent.failover..", "io.regent.coordinator..", "io.regent.docker..");

    @ArchTest
    static final ArchRule decisions_know_gtids_and_nothing_else = classes()
            .that()
            .resideInAPackage("io.regent.failover..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.regent.failover..",
                    "io.regent.sql.gtid..",
                    "java.lang..",
                    "java.util..",
                    "java.time..",
                    "org.jspecify..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule gtids_are_pure = classes()
            .that()
            .resideInAPackage("io.regent.sql.gtid..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("io.regent.sql.gtid..", "java.lang..", "java.util..", "org.jspecify..");

    @ArchTest
    static final ArchRule what_applications_use_needs_little = classes()
            .that()
            .resideInAPackage("io.regent.sql.client..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.regent.sql.client..",
                    "io.regent.sql.gtid..",
                    "java.io..",
                    "java.lang..",
                    "java.net..",
                    "java.nio.charset..",
                    "java.sql..",
                    "java.time..",
                    "java.util..",
                    "com.mysql.cj..",
                    "org.jspecify..");

    @ArchTest
    static final ArchRule only_capture_knows_debezium = noClasses()
            .that()
            .resideOutsideOfPackage("io.regent.replicator.capture..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.debezium..", "org.apache.kafka..", "com.github.shyiko..");

    @ArchTest
    static final ArchRule only_the_zookeeper_room_knows_curator = noClasses()
            .that()
            .resideOutsideOfPackages("io.regent.coordinator.zookeeper..", "io.regent.docker..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.curator..", "org.apache.zookeeper..");

    @ArchTest
    static final ArchRule sql_is_spoken_where_servers_are_touched = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.regent.sql..",
                    "io.regent.replicator.apply..",
                    "io.regent.replicator.link..",
                    "io.regent.replicator.stranded..",
                    "io.regent.replicator.verify..",
                    "io.regent.coordinator..",
                    "io.regent.docker..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.sql..");

    @ArchTest
    static final ArchRule the_embedded_server_is_not_the_products = noClasses()
            .that()
            .resideOutsideOfPackages("io.regent.sql.local..", "io.regent.docker..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.regent.sql.local..");

    @ArchTest
    static final ArchRule nothing_sleeps = noClasses()
            .should()
            .callMethodWhere(
                    target(owner(HasName.Predicates.name("java.lang.Thread"))).and(target(nameMatching("sleep"))))
            .because("a sleep neither ends when its cause does nor when we stop: wait with a deadline");

    @ArchTest
    static final ArchRule what_is_pure_reads_no_clock_and_no_dice = noClasses()
            .that()
            .resideInAnyPackage("io.regent.failover..", "io.regent.sql.gtid..", "io.regent.replicator.transaction..")
            .should()
            .callMethodWhere(target(nameMatching("currentTimeMillis|nanoTime|now|random")))
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.Random");

    @ArchTest
    static final ArchRule only_the_cycle_asks_the_rules = noClasses()
            .that()
            .resideOutsideOfPackages("io.regent.failover.cycle..", "io.regent.failover.decide..")
            .should()
            .dependOnClassesThat()
            .haveNameMatching("io\\.regent\\.failover\\.decide\\.(Region|Observer)Rules")
            .because("the simulation proves what Cycle makes of the rules, and nothing else");

    @ArchTest
    static final ArchRule rooms_form_no_cycles =
            slices().matching("io.regent.(*).(*)..").should().beFreeOfCycles();
}
