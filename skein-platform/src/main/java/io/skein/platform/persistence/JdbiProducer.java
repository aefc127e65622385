package io.skein.platform.persistence;

import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.sql.Types;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.argument.Arguments;
import org.jdbi.v3.core.argument.NullArgument;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.postgresql.util.PGobject;

/** The one way to the database: explicit SQL, transactions as lambdas. */
class JdbiProducer {

    @Produces
    @Singleton
    Jdbi jdbi(AgroalDataSource dataSource) {
        Jdbi jdbi = Jdbi.create(dataSource);
        jdbi.registerArgument(new PgObjectArguments());
        jdbi.registerArgument(new UuidArguments());
        // A null is of no type: PostgreSQL takes it for a uuid or a timestamp, too, not only for text.
        jdbi.getConfig(Arguments.class).setUntypedNullArgument(new NullArgument(Types.NULL));
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

    /** Jdbi's own binds a null UUID as text, which no uuid column takes. */
    private static final class UuidArguments extends AbstractArgumentFactory<UUID> {

        private UuidArguments() {
            super(Types.OTHER);
        }

        @Override
        protected Argument build(UUID value, ConfigRegistry config) {
            return (position, statement, context) -> statement.setObject(position, value);
        }
    }
}
