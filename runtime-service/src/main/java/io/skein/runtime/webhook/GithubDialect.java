package io.skein.runtime.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.event.Priority;
import io.skein.platform.problem.ProblemException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code X-Hub-Signature-256} over the body. {@code X-GitHub-Delivery} tells a repetition, but is not signed, and neither is a
 * time: so the same body counts once as well, under whatever delivery id it comes again.
 */
final class GithubDialect implements Dialect {

    private static final String ALGORITHM = "sha256=";
    private static final Pattern EVENT = Pattern.compile("[a-z0-9_]{1,60}");
    private static final Pattern DELIVERY = Pattern.compile("[0-9A-Za-z-]{1,64}");
    private static final int MAX_SUBJECT = 255;

    @Override
    public Proof proof(Delivered delivered, List<byte[]> secrets, Instant now) {
        String signature = delivered.header(Delivered.HUB_SIGNATURE);
        if (signature == null) {
            return Proof.MISSING;
        }
        Optional<byte[]> claimed = signature.startsWith(ALGORITHM)
                ? Signatures.parse(signature.substring(ALGORITHM.length()))
                : Optional.empty();
        return claimed.isPresent() && Signatures.isSigned(secrets, delivered.body(), claimed.get())
                ? Proof.GOOD
                : Proof.WRONG;
    }

    @Override
    public List<Incoming> read(Delivered delivered, JsonNode body, Webhook webhook) {
        String event = required(delivered, Delivered.GITHUB_EVENT, EVENT);
        String delivery = required(delivered, Delivered.GITHUB_DELIVERY, DELIVERY);
        if (!body.isObject()) {
            throw ProblemException.invalid("body", "must be a JSON object");
        }
        String repository = body.path("repository").path("full_name").asText("");
        return List.of(new Incoming(
                "webhook.github." + event,
                webhook.priority() == null ? Priority.NORMAL : webhook.priority(),
                repository.isEmpty() || repository.length() > MAX_SUBJECT ? null : repository,
                body,
                List.of("delivery:" + delivery, "body:" + Signatures.hash(delivered.body()))));
    }

    private static String required(Delivered delivered, String header, Pattern form) {
        String value = delivered.header(header);
        if (value == null || !form.matcher(value).matches()) {
            throw ProblemException.invalid(header, "is missing, or not what GitHub sends");
        }
        return value;
    }
}
