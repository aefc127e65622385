package io.skein.infra.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.agent.WorkRequest;
import io.skein.contracts.agent.WorkResult;
import io.skein.infra.agent.Agent;
import io.skein.infra.agent.AnsibleRuntime;
import io.skein.infra.catalogue.Catalogue;
import io.skein.infra.catalogue.Playbook;
import io.skein.infra.inventory.Inventories;
import io.skein.infra.inventory.Inventory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What must be true before work may start; all of it is looked up on disk again, nothing is believed from earlier. */
@ApplicationScoped
class Admission {

    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}");
    private static final Pattern SECRET_NAME =
            Pattern.compile("(?i).*(password|passwd|passphrase|secret|token|api_?key|private_?key|credential)s?$");

    @Inject
    Agent agent;

    @Inject
    AnsibleRuntime ansible;

    @Inject
    Catalogue catalogue;

    @Inject
    Inventories inventories;

    @Inject
    ApprovalCheck approval;

    /**
     * Why work must not start.
     *
     * @param reason a sentence for the person who approved it
     * @param code for a program, or null
     * @param files that are not as approved
     */
    record Refusal(String reason, String code, List<String> files) {
        static Optional<Refusal> of(String reason) {
            return Optional.of(new Refusal(reason, null, List.of()));
        }
    }

    /** Empty when it may start. */
    Optional<Refusal> refusal(WorkRequest request) {
        if (request.team() != null && !request.team().equals(agent.team())) {
            return Refusal.of("this agent works for another team");
        }
        if (ansible.find("ansible-playbook").isEmpty()) {
            return Refusal.of("the agent has no ansible-playbook");
        }
        Optional<Playbook> playbook = catalogue.readNow(request.playbook());
        if (playbook.isEmpty()) {
            return Refusal.of("there is no playbook " + request.playbook() + " in the repository");
        }
        if (playbook.get().isBroken()) {
            return Refusal.of("the playbook " + request.playbook() + " is broken: "
                    + playbook.get().broken());
        }
        if (inventories.file(request.inventory()).isEmpty()) {
            return Refusal.of("there is no inventory " + request.inventory() + " in the repository");
        }
        Inventory inventory = inventories.get(request.inventory()).orElseThrow();
        if (inventory.broken() != null) {
            return Refusal.of("the inventory " + request.inventory() + " is broken: " + inventory.broken());
        }
        Optional<ApprovalCheck.Change> change = approval.change(request, playbook.get(), inventory);
        if (change.isPresent()) {
            return Optional.of(new Refusal(
                    change.get().reason(),
                    WorkResult.APPROVAL_CHANGED,
                    change.get().files()));
        }
        Optional<String> wrong = hosts(request, inventory).or(() -> variables(request));
        if (wrong.isPresent()) {
            return Refusal.of(wrong.get());
        }
        return request.isPreview()
                ? catalogue
                        .previewObstacle(request.playbook())
                        .map(why -> new Refusal(why, WorkResult.NOT_PREVIEWABLE, List.of()))
                : Optional.empty();
    }

    private static Optional<String> hosts(WorkRequest request, Inventory inventory) {
        if (request.hosts().isEmpty()) {
            return Optional.of("the step names no hosts it was approved for");
        }
        Set<String> known = inventory.hosts().stream().map(Inventory.Host::name).collect(Collectors.toSet());
        Set<String> groups =
                inventory.groups().stream().map(Inventory.Group::name).collect(Collectors.toSet());
        for (String host : request.hosts()) {
            // a group of the same name would widen the limit
            if (!known.contains(host)
                    || groups.contains(host)
                    || !HOST.matcher(host).matches()) {
                return Optional.of("the host " + host + " is not in the inventory " + request.inventory());
            }
        }
        return Optional.empty();
    }

    private static Optional<String> variables(WorkRequest request) {
        List<String> refused = request.variables().keySet().stream()
                .filter(name -> !ExtraVariables.isAllowed(name))
                .sorted()
                .toList();
        return refused.isEmpty()
                ? Optional.empty()
                : Optional.of("the variables " + refused + " may not be set from a request");
    }

    /** Values nobody may see that the inventory gives, after the names they have there. */
    Set<String> inventorySecrets(WorkRequest request) {
        return inventories.secretValues(request.inventory());
    }

    /** Names of the request's variables whose values nobody may see. */
    Set<String> secrets(WorkRequest request) {
        Set<String> names = new HashSet<>();
        request.variables().keySet().stream()
                .filter(name -> SECRET_NAME.matcher(name).matches())
                .forEach(names::add);
        if (request.playbook() != null) {
            catalogue.readNow(request.playbook()).ifPresent(p -> names.addAll(p.secretVariables()));
        }
        return names;
    }

    /**
     * The variables to hand over. A default that is a template is left to the playbook: handed over it would be the text of
     * the template, not its value.
     */
    Map<String, JsonNode> variables(WorkRequest request, Playbook playbook) {
        Map<String, Object> defaults = playbook.variables().stream()
                .filter(v -> v.defaultValue() instanceof String text && text.contains("{{"))
                .collect(Collectors.toMap(Playbook.Variable::name, Playbook.Variable::defaultValue));
        return request.variables().entrySet().stream()
                .filter(e -> !e.getValue().isNull())
                .filter(e -> !(e.getValue().isTextual() && e.getValue().asText().equals(defaults.get(e.getKey()))))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
