package io.skein.platform.persistence;

import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.sql.Types;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.postgresql.util.PGobject;

/** The one way to the database: explicit SQL, transactions as lambdas. */
class JdbiProducer {

    @Produces
    @Singleton
    Jdbi jdbi(AgroalDataSource dataSource) {
        Jdbi jdbi = Jdbi.create(dataSource);
        jdbi.registerArgument(new PgObjectArguments());
        return jdbi;
    }

    /** Lets {@link JsonColumn#jsonb} be bound. */
    private static final class PgObjectArguments extends AbstractArgumentFactory<PGobject> {

        private PgObjectArguments() {
            super(Types.OTHER);
        }

        @Override
        protected Argument build(PGobject value, ConfigRegistry config) {
            return (position, statement, context) -> statement.setObject(position, value);
        }
    }
}
