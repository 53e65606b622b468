package io.regent.sql.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class GrantTest {
    @Test
    void aLineOfShowGrantsIsTakenApartIntoRightsOnThings() {
        assertThat(Grant.parse("GRANT SELECT (`a`, `b`), INSERT ON `app`.`t` TO `app`@`%` WITH GRANT OPTION"))
                .containsExactly(
                        new Grant("SELECT (`a`, `b`)", "`app`.`t`"),
                        new Grant("INSERT", "`app`.`t`"),
                        new Grant("GRANT OPTION", "`app`.`t`"));
        assertThat(Grant.parse("GRANT USAGE ON *.* TO `app`@`%`")).isEmpty();
        assertThat(Grant.parse("GRANT `reader`@`%`,`writer`@`%` TO `app`@`%`"))
                .containsExactly(new Grant("`reader`@`%`", ""), new Grant("`writer`@`%`", ""));
    }

    @Test
    void whatIsLackingIsGivenByAStatementForEachThing() {
        List<Grant> lacking =
                List.of(new Grant("INSERT", "`app`.*"), new Grant("UPDATE", "`app`.*"), new Grant("`reader`@`%`", ""));
        assertThat(Grant.statements(lacking, "'app'@'%'"))
                .containsExactly("GRANT `reader`@`%` TO 'app'@'%'", "GRANT INSERT, UPDATE ON `app`.* TO 'app'@'%'");
    }
}
