package io.skein.frontdoor.tokens;

import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.jwt.auth.cdi.NullJsonWebToken;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.RequestScoped;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import org.eclipse.microprofile.jwt.JsonWebToken;

/**
 * The token of whoever calls the API. The OIDC extension brings a producer that knows tokens of a provider only; here those
 * prove who somebody is once, at sign-in, and every call after it carries Skein's own.
 */
@RequestScoped
@Alternative
@Priority(10)
class CallerTokenProducer {

    @Inject
    SecurityIdentity identity;

    @Produces
    @RequestScoped
    JsonWebToken token() {
        return !identity.isAnonymous() && identity.getPrincipal() instanceof JsonWebToken token
                ? token
                : new NullJsonWebToken();
    }
}
