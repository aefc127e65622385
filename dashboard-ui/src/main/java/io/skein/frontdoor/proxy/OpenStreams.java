package io.skein.frontdoor.proxy;

import io.skein.frontdoor.tokens.TokenVerifier;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.jboss.logging.Logger;

/**
 * Ends what goes on after it was let in. A call is checked once and soon over; a stream would go on telling somebody who was
 * disabled, or signed out, for as long as they listen.
 */
@ApplicationScoped
class OpenStreams {

    private static final Logger LOG = Logger.getLogger(OpenStreams.class);
    private static final long LOOK_MILLIS = 1000;

    @Inject
    Vertx vertx;

    @Inject
    TokenVerifier verifier;

    /** From now on, until the answer is over. The client sees a cut connection, comes again, and gets a 401. */
    void watch(RoutingContext context, TokenVerifier.Verified token) {
        long timer = vertx.setPeriodic(LOOK_MILLIS, id -> {
            if (!verifier.isStillGood(token)) {
                vertx.cancelTimer(id);
                LOG.infof(
                        "ended a stream of %s: the sign-in it was opened with is over",
                        token.claims().getClaimValueAsString("upn"));
                context.request().connection().close();
            }
        });
        context.addEndHandler(end -> vertx.cancelTimer(timer));
    }
}
