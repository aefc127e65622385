package io.skein.frontdoor.identity;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.frontdoor.Door;
import io.skein.frontdoor.StandIns;
import io.skein.test.SkeinInfrastructure;
import jakarta.inject.Inject;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(StandIns.class)
class ProviderAccountsQuarkusTest {

    @Inject
    Jdbi jdbi;

    @Inject
    UserRepository users;

    @Test
    void peopleOfAProviderDoNotUseUpTheSetupToken() {
        Door.admin();
        jdbi.useTransaction(tx -> {
            assertTrue(users.exists(tx));
            tx.execute("UPDATE users SET password_hash = NULL");
            assertFalse(users.exists(tx));
            tx.rollback();
        });
    }
}
