package io.skein.frontdoor.broker;

import io.skein.platform.problem.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.PermitAll;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;

/**
 * The contract of rabbitmq_auth_backend_http: forms in, {@code allow} or {@code deny} out. Open to whoever knows the secret in
 * the path, which is all that backend can send; to everybody else there is nothing here.
 */
@Path("/broker/{secret: [^/]+}")
@RunOnVirtualThread
@Consumes(MediaType.APPLICATION_FORM_URLENCODED)
@Produces(MediaType.TEXT_PLAIN)
@PermitAll
public class BrokerResource {

    private static final String DENY = "deny";

    @Inject
    BrokerSecret secret;

    @Inject
    BrokerDoor door;

    /** The tag goes back to the broker's user and comes with each later question: it says which token it was. */
    @POST
    @Path("/user")
    @Operation(hidden = true)
    public String user(
            @PathParam("secret") String given,
            @FormParam("username") String user,
            @FormParam("password") String password) {
        requireBroker(given);
        return door.signIn(user, password).map(tag -> "allow " + tag).orElse(DENY);
    }

    @POST
    @Path("/vhost")
    @Operation(hidden = true)
    public String vhost(
            @PathParam("secret") String given,
            @FormParam("username") String user,
            @FormParam("vhost") String vhost,
            @FormParam("tags") String tags) {
        requireBroker(given);
        return answer(door.mayEnter(new BrokerDoor.Visitor(user, tags), vhost));
    }

    @POST
    @Path("/resource")
    @Operation(hidden = true)
    public String resource(
            @PathParam("secret") String given,
            @FormParam("username") String user,
            @FormParam("vhost") String vhost,
            @FormParam("resource") String kind,
            @FormParam("name") String name,
            @FormParam("permission") String permission,
            @FormParam("tags") String tags) {
        requireBroker(given);
        return answer(door.mayUse(new BrokerDoor.Visitor(user, tags), vhost, kind, name, permission));
    }

    @POST
    @Path("/topic")
    @Operation(hidden = true)
    public String topic(
            @PathParam("secret") String given,
            @FormParam("username") String user,
            @FormParam("vhost") String vhost,
            @FormParam("name") String exchange,
            @FormParam("permission") String permission,
            @FormParam("routing_key") String routingKey,
            @FormParam("tags") String tags) {
        requireBroker(given);
        return answer(door.mayRoute(new BrokerDoor.Visitor(user, tags), vhost, exchange, permission, routingKey));
    }

    private void requireBroker(String given) {
        if (!secret.matches(given)) {
            throw ProblemException.notFound("such page");
        }
    }

    private static String answer(boolean allowed) {
        return allowed ? "allow" : DENY;
    }
}
