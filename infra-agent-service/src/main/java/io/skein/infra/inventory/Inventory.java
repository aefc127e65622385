package io.skein.infra.inventory;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;

/**
 * An inventory: hosts, groups and what people call it.
 *
 * @param path of the inventory file inside the repository
 * @param aliases phrases that mean this inventory, lower case
 * @param contentSha256 over the file with its group_vars and host_vars
 * @param broken why it cannot be used, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Inventory(
        String name,
        String path,
        List<Host> hosts,
        List<Group> groups,
        List<String> aliases,
        String contentSha256,
        String broken) {

    /** Variables are what a host ends up with after its groups; secrets are left out, templates are not rendered. */
    public record Host(String name, List<String> groups, Map<String, Object> variables) {}

    public record Group(String name, List<String> hosts) {}
}
