package io.skein.runtime.routing;

import io.skein.platform.problem.ProblemException;
import io.skein.runtime.RuntimeConfig;
import io.skein.runtime.log.KnownRouteProvider;
import io.skein.runtime.log.LoggedEvent;
import io.skein.runtime.log.Woken;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.WebApplicationException;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.jdbi.v3.core.Handle;

/** The registry's answers, remembered for a few seconds. The router asks, the log uses what is remembered. */
@ApplicationScoped
class Routes implements KnownRouteProvider {

    private static final int MAX_REMEMBERED = 1000;

    /** The registry gave no answer; asking again later may help. */
    static final class RegistryAway extends Exception {

        private static final long serialVersionUID = 1L;

        private final boolean unreachable;
        private final boolean outage;

        RegistryAway(String message, boolean unreachable, boolean outage, Throwable cause) {
            super(message, cause);
            this.unreachable = unreachable;
            this.outage = outage;
        }

        /** True when it is not about this type: everything is worth asking for as soon as anything is answered. */
        boolean isOutage() {
            return outage;
        }

        /** True when asking about another type is no use either. */
        boolean isUnreachable() {
            return unreachable;
        }
    }

    private record Question(String team, String type) {}

    private record Remembered(List<RegistryClient.Match> matches, Instant until) {}

    private final RegistryClient registry;
    private final Clock clock;
    private final RuntimeConfig config;
    private final List<RoutedEventConsumer> consumers;
    private final Map<Question, Remembered> answers = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Question, Remembered> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };

    @Inject
    Routes(
            @RestClient RegistryClient registry,
            Clock clock,
            RuntimeConfig config,
            @Any Instance<RoutedEventConsumer> consumers) {
        this.registry = registry;
        this.clock = clock;
        this.config = config;
        this.consumers = consumers.stream().toList();
    }

    /** What the event wakes, most urgent first. */
    List<Woken> ask(LoggedEvent event) throws RegistryAway {
        Question question = new Question(event.team(), event.type());
        List<RegistryClient.Match> matches = remembered(question);
        if (matches == null) {
            matches = ask(question);
            synchronized (answers) {
                answers.put(question, new Remembered(matches, clock.instant().plus(config.routeCache())));
            }
        }
        return woken(matches, event);
    }

    @Override
    public Optional<List<Woken>> of(LoggedEvent event) {
        List<RegistryClient.Match> matches = remembered(new Question(event.team(), event.type()));
        return matches == null ? Optional.empty() : Optional.of(woken(matches, event));
    }

    @Override
    public void routed(Handle transaction, List<LoggedEvent> events) {
        events.forEach(event -> consumers.forEach(consumer -> consumer.routed(transaction, event, event.woken())));
    }

    private List<RegistryClient.Match> remembered(Question question) {
        synchronized (answers) {
            Remembered remembered = answers.get(question);
            return remembered == null || !clock.instant().isBefore(remembered.until()) ? null : remembered.matches();
        }
    }

    private static List<Woken> woken(List<RegistryClient.Match> matches, LoggedEvent event) {
        Set<Woken> agents = new LinkedHashSet<>();
        for (RegistryClient.Match match : matches) {
            if (match.triggers() == null
                    || match.triggers().stream().anyMatch(trigger -> TriggerFilter.accepts(trigger.filters(), event))) {
                agents.add(new Woken(match.id(), match.version()));
            }
        }
        return List.copyOf(agents);
    }

    private List<RegistryClient.Match> ask(Question question) throws RegistryAway {
        try {
            RegistryClient.Answer answer = registry.wokenBy(question.type(), question.team(), "all");
            return answer == null || answer.items() == null ? List.of() : answer.items();
        } catch (WebApplicationException e) {
            int status = e.getResponse().getStatus();
            if (status == 400 || status == 404) {
                // Not a type any trigger could name: asking again would give the same.
                return List.of();
            }
            throw new RegistryAway("the registry answered " + status, false, status > 501 && status < 505, e);
        } catch (ProcessingException | ProblemException e) {
            throw new RegistryAway(String.valueOf(e.getMessage()), true, true, e);
        }
    }
}
