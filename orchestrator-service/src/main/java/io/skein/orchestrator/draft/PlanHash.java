package io.skein.orchestrator.draft;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.contracts.agent.StepDigest;
import io.skein.contracts.wire.WireFormat;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.erdtman.jcs.JsonCanonicalizer;

/**
 * What a person approves, as one number: SHA-256 over the canonical JSON (RFC 8785) of everything that decides what a run does
 * (order, dependencies, and of each step {@link StepDigest}: playbook and inventory, digests of all their files, hosts, variables handed
 * over) and every variable shown. Who runs it and how long it may take are not in it.
 */
public final class PlanHash {

    private PlanHash() {}

    public static String of(List<PlannedStep> steps) {
        ArrayNode all = WireFormat.mapper().createArrayNode();
        for (PlannedStep step : steps) {
            ObjectNode node = all.addObject();
            node.put("number", step.number());
            node.put("stepSha256", step.sha256());
            ArrayNode depends = node.putArray("dependsOn");
            step.dependsOn().forEach(depends::add);
            ObjectNode variables = node.putObject("variables");
            // Large numbers lose digits in canonical JSON, and a database writes them another way: as text every digit
            // counts.
            step.variables()
                    .forEach(v -> variables.put(v.name(), v.value() == null ? null : StepDigest.canonical(v.value())));
        }
        try {
            byte[] canonical = new JsonCanonicalizer(WireFormat.write(all)).getEncodedUTF8();
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(canonical));
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("the plan cannot be hashed", e);
        }
    }
}
