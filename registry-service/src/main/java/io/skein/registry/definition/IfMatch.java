package io.skein.registry.definition;

import io.skein.contracts.error.ErrorCode;
import io.skein.platform.problem.ProblemException;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** The {@code If-Match} header: which state of a version somebody means to change. */
record IfMatch(Set<String> tags) {

    static IfMatch of(String header) {
        return new IfMatch(
                header == null || header.isBlank()
                        ? Set.of()
                        : Arrays.stream(header.split(",")).map(String::strip).collect(Collectors.toUnmodifiableSet()));
    }

    /** @throws ProblemException precondition_required without the header, precondition_failed when it means another state */
    void require(Definition current) {
        if (tags.isEmpty()) {
            throw new ProblemException(
                    ErrorCode.PRECONDITION_REQUIRED,
                    "Send the ETag of what you read as If-Match, so that nobody's change is lost.");
        }
        allow(current);
    }

    /** The same, but it need not be there. */
    void allow(Definition current) {
        if (!tags.isEmpty() && !tags.contains("*") && !tags.contains(DefinitionView.tag(current))) {
            throw new ProblemException(
                    ErrorCode.PRECONDITION_FAILED,
                    "The version " + current.version() + " was changed since you read it. Read it again.");
        }
    }
}
