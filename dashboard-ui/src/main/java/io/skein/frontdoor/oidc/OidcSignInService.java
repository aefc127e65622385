package io.skein.frontdoor.oidc;

import io.quarkus.runtime.StartupEvent;
import io.skein.frontdoor.identity.ProviderSignInService;
import io.skein.frontdoor.identity.ProviderSignInService.Outcome;
import io.skein.frontdoor.identity.SignInOption;
import io.skein.frontdoor.identity.SignOutStep;
import io.skein.frontdoor.throttle.AttemptThrottle;
import io.skein.frontdoor.throttle.Limit;
import io.skein.platform.auth.Role;
import io.skein.platform.problem.ProblemException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.NewCookie;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Signing in with the provider.
 *
 * <pre>
 *   begin ──► provider ──► callback ──code──► provider's tokens ──claims──► account ──► Skein's own sign-in
 *                             │                      │                │          │
 *                             └──────────────────────┴────────────────┴──────────┴──► refused: log, event, sign-in page
 * </pre>
 */
@ApplicationScoped
class OidcSignInService implements SignInOption, SignOutStep {

    private static final Logger LOG = Logger.getLogger(OidcSignInService.class);
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Duration PAUSE = Duration.ofSeconds(2);

    @Inject
    OidcConfig config;

    @Inject
    CodeFlow flow;

    @Inject
    ProviderSignInService signIns;

    @Inject
    AttemptThrottle throttle;

    @Inject
    Clock clock;

    private ClaimRules rules;
    private volatile Instant awayUntil = Instant.MIN;

    /** Somebody who is signed in: the cookie of Skein's sign-in, and the provider's word to sign out with. */
    record SignedIn(NewCookie refreshCookie, String idToken) {}

    void start(@Observes StartupEvent event) {
        if (!isOn()) {
            return;
        }
        if (config.clientId().isEmpty()) {
            throw new IllegalStateException("SKEIN_OIDC_ISSUER is set, but SKEIN_OIDC_CLIENT_ID is not");
        }
        rules = ClaimRules.of(config);
        if (rules.roles().isEmpty() && rules.defaultRole().isEmpty()) {
            LOG.warn(
                    "neither SKEIN_OIDC_ROLES nor SKEIN_OIDC_DEFAULT_ROLE is set: nobody gets in through the provider");
        }
        URI issuer = URI.create(config.issuer().get());
        if ("http".equals(issuer.getScheme()) && !LOOPBACK.contains(String.valueOf(issuer.getHost()))) {
            LOG.warn("SKEIN_OIDC_ISSUER is plain HTTP: whoever is on the way there can sign in as anybody");
        }
        LOG.infof(
                "people may sign in with %s (%s); its callback is %s of this origin",
                config.name(), config.issuer().get(), ProviderTenant.CALLBACK);
    }

    boolean isOn() {
        return config.issuer().isPresent();
    }

    @Override
    public List<Way> ways() {
        return isOn() ? List.of(new Way("oidc", config.name(), ProviderTenant.ROOT + "/sign-in")) : List.of();
    }

    @Override
    public Optional<String> after(HttpServerRequest request) {
        return isOn() && request.getCookie(OidcResource.HINT) != null
                ? Optional.of(ProviderTenant.ROOT + "/sign-out")
                : Optional.empty();
    }

    /**
     * @throws RefusedException when the provider is away
     */
    URI begin(RoutingContext context) {
        if (clock.instant().isBefore(awayUntil)) {
            throw new RefusedException(Refusal.UNREACHABLE, "it did not answer a moment ago");
        }
        try {
            return flow.begin(context);
        } catch (RefusedException e) {
            // Anybody may press the button: not each time is worth a wait, a connection and a line in the log.
            awayUntil = clock.instant().plus(PAUSE);
            LOG.warnf("no sign-in can be begun with %s: %s", config.issuer().get(), e.getMessage());
            throw e;
        }
    }

    /**
     * @throws RefusedException after it was logged and told to the trail
     */
    SignedIn complete(RoutingContext context, String address) {
        List<Limit> limits = List.of(Limit.provider(address));
        try {
            throttle.attempt(limits);
        } catch (ProblemException e) {
            // Not in the trail: whoever does this wants to fill it.
            throw new RefusedException(Refusal.TOO_MANY, e.getMessage());
        }
        try {
            CodeFlow.Proof proof = flow.complete(context);
            Person person = rules.person(proof.issuer(), proof.subject(), proof.claims());
            NewCookie cookie =
                    switch (signIns.signIn(identity(person), address, context.request())) {
                        case Outcome.SignedIn signedIn -> signedIn.cookie();
                        case Outcome.Disabled disabled ->
                            throw new RefusedException(
                                    Refusal.DISABLED, "the account " + disabled.name() + " is disabled");
                        case Outcome.NoTeam none ->
                            throw new RefusedException(Refusal.NO_TEAM, "there is no team '" + none.team() + "'");
                    };
            throttle.succeeded(limits);
            return new SignedIn(cookie, proof.idToken());
        } catch (RefusedException e) {
            LOG.warnf(
                    "sign-in with %s refused (%s), from %s: %s",
                    config.issuer().get(), e.refusal().code(), address, e.getMessage());
            signIns.failed("provider: " + e.refusal().code(), address);
            throw e;
        }
    }

    private static ProviderSignInService.Identity identity(Person person) {
        return new ProviderSignInService.Identity(
                person.issuer(),
                person.subject(),
                person.name(),
                person.team(),
                person.roles().stream().map(Role::wire).collect(Collectors.toSet()));
    }

    /** Where the provider ends its own session, told whose; empty when it cannot. */
    Optional<URI> endSession(RoutingContext context, String idToken, URI back) {
        try {
            return flow.endSession(context)
                    .map(end -> EndSession.of(end, config.clientId().orElseThrow(), idToken, back));
        } catch (RefusedException e) {
            LOG.warnf("the session at %s goes on: %s", config.issuer().get(), e.getMessage());
            return Optional.empty();
        }
    }
}
