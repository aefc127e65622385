package io.skein.orchestrator.draft;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.contracts.wire.WireFormat;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.erdtman.jcs.JsonCanonicalizer;

/**
 * What a person approves, as one number: SHA-256 over the canonical JSON (RFC 8785) of everything that decides what a run does
 * (order, dependencies, playbook, its content's digest, variables, inventory, hosts). Who runs it and how long it may take
 * are not in it.
 */
public final class PlanHash {

    private PlanHash() {}

    public static String of(List<PlannedStep> steps) {
        ArrayNode all = WireFormat.mapper().createArrayNode();
        for (PlannedStep step : steps) {
            ObjectNode node = all.addObject();
            node.put("number", step.number());
            node.put("playbook", step.playbook());
            node.put("contentSha256", step.playbookHash());
            node.put("inventory", step.inventory());
            ArrayNode depends = node.putArray("dependsOn");
            step.dependsOn().forEach(depends::add);
            ArrayNode hosts = node.putArray("hosts");
            step.hosts().stream().sorted().forEach(hosts::add);
            ObjectNode variables = node.putObject("variables");
            // Large numbers lose digits in canonical JSON; as text every digit counts.
            step.variables()
                    .forEach(v -> variables.put(
                            v.name(), v.value() == null ? null : v.value().toString()));
        }
        try {
            byte[] canonical = new JsonCanonicalizer(WireFormat.write(all)).getEncodedUTF8();
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(canonical));
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("the plan cannot be hashed", e);
        }
    }
}
