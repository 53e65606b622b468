package io.regent.docker.junit;

import io.regent.docker.drill.FleetKind;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs a cluster for the tests of a class, open for writes at its first region, {@code phx1}; a test takes it as a parameter
 * of type {@link Arena}. It ends with the class (JUnit 5.13 or newer).
 *
 * <pre>{@code
 * @Fleet(regions = 3)
 * class MyServiceSurvives {
 *     @Test
 *     void theLossOfARegion(Arena arena) throws Exception {
 *         arena.fleet().node("phx1").kill();
 *         ...
 *     }
 * }
 * }</pre>
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ExtendWith(FleetExtension.class)
public @interface Fleet {
    /** How many regions: phx1, aws1, aws2, ... */
    int regions() default 3;

    /** What it is made of. */
    FleetKind kind() default FleetKind.CONTAINERS;

    /** The image of MySQL's containers; the build's if empty. */
    String mysql() default "";
}
