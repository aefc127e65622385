package io.skein.infra.run;

import io.skein.contracts.agent.StepDigest;
import io.skein.contracts.agent.WorkRequest;
import io.skein.infra.catalogue.Catalogue;
import io.skein.infra.catalogue.ContentFiles;
import io.skein.infra.catalogue.Playbook;
import io.skein.infra.inventory.Inventories;
import io.skein.infra.inventory.Inventory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;

/**
 * Whether what would run is what was approved. Everything is digested anew from the files as they are this moment, right before the
 * process is started; what an earlier scan or the order says about them counts for nothing.
 */
@ApplicationScoped
class ApprovalCheck {

    @Inject
    Catalogue catalogue;

    @Inject
    Inventories inventories;

    @Inject
    ContentFiles contents;

    @Inject
    Jdbi jdbi;

    /**
     * Something is not as it was approved.
     *
     * @param files those that differ, as far as anybody remembers what they were
     */
    record Change(String reason, List<String> files) {}

    Optional<Change> change(WorkRequest request, Playbook playbook, Inventory inventory) {
        boolean samePlaybook = Objects.equals(request.contentSha256(), playbook.contentSha256());
        boolean sameInventory =
                request.inventorySha256() == null || request.inventorySha256().equals(inventory.contentSha256());
        if (samePlaybook && sameInventory) {
            boolean sameStep = request.approvedSha256() == null
                    || request.approvedSha256()
                            .equals(StepDigest.of(
                                    request,
                                    playbook.contentSha256(),
                                    request.inventorySha256() == null ? null : inventory.contentSha256()));
            return sameStep
                    ? Optional.empty()
                    : Optional.of(new Change(
                            "the order is not what was approved: its playbook, inventory, hosts or variables are"
                                    + " others",
                            List.of()));
        }
        Set<String> files = new LinkedHashSet<>();
        jdbi.useHandle(handle -> {
            if (!samePlaybook && request.contentSha256() != null) {
                files.addAll(contents.changed(handle, request.contentSha256(), catalogue.contents(request.playbook())));
            }
            if (!sameInventory) {
                files.addAll(
                        contents.changed(handle, request.inventorySha256(), inventories.contents(request.inventory())));
            }
        });
        List<String> what = new ArrayList<>();
        if (!samePlaybook) {
            what.add("playbook changed since approval: " + request.playbook() + " or something it pulls in");
        }
        if (!sameInventory) {
            what.add("inventory changed since approval: " + request.inventory());
        }
        return Optional.of(new Change(
                String.join("; ", what) + (files.isEmpty() ? "" : ". Not as approved: " + String.join(", ", files)),
                List.copyOf(files)));
    }
}
