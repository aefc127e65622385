package io.skein.planted.lease;

import com.rabbitmq.client.Channel;
import jakarta.inject.Inject;
import jakarta.ws.rs.NotFoundException;
import java.io.IOException;
import org.jdbi.v3.core.Jdbi;

/** A repository that speaks HTTP, publishes beside the outbox and hides its injection. */
public class PlantedRepository {
    @Inject
    private Jdbi jdbi;

    void delete(Channel channel) throws IOException {
        if (jdbi == null) {
            throw new NotFoundException();
        }
        channel.basicPublish("", "", null, new byte[0]);
    }
}
