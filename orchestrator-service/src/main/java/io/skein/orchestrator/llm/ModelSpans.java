package io.skein.orchestrator.llm;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.skein.models.LanguageModel;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A span for each call of a model, named and described as OpenTelemetry's conventions for GenAI say; without what was asked and
 * answered. Nothing is recorded unless spans are exported.
 */
@ApplicationScoped
class ModelSpans {

    private static final String OPERATION = "chat";

    private final Tracer tracer;

    @Inject
    ModelSpans(OpenTelemetry telemetry) {
        this.tracer = telemetry.getTracer("io.skein.orchestrator.llm");
    }

    Span begin(ConfiguredProvider provider, Ask ask) {
        Span span = tracer.spanBuilder(OPERATION + " " + provider.model())
                .setParent(parent(ask.asker().traceId()))
                .setSpanKind(SpanKind.CLIENT)
                .startSpan();
        span.setAttribute("gen_ai.operation.name", OPERATION);
        span.setAttribute("gen_ai.provider.name", provider.provider().wire());
        span.setAttribute("gen_ai.request.model", provider.model());
        span.setAttribute("skein.llm.purpose", ask.purpose().wire());
        span.setAttribute("skein.llm.prompt", ask.prompt());
        if (ask.asker().plan() != null) {
            span.setAttribute("skein.plan.id", ask.asker().plan().toString());
        }
        return span;
    }

    /** What belongs to a plan belongs to the plan's trace, also where this process has begun another. */
    private static Context parent(String traceId) {
        SpanContext current = Span.current().getSpanContext();
        if (traceId == null || !TraceId.isValid(traceId) || traceId.equals(current.getTraceId())) {
            return Context.current();
        }
        long random = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
        return Context.root()
                .with(Span.wrap(SpanContext.createFromRemoteParent(
                        traceId, SpanId.fromLong(random), TraceFlags.getSampled(), TraceState.getDefault())));
    }

    /** @param reply null when there was none */
    void end(Span span, CallBook.Result result, LanguageModel.Reply reply) {
        if (reply != null) {
            if (!reply.model().isEmpty()) {
                span.setAttribute("gen_ai.response.model", reply.model());
            }
            span.setAttribute("gen_ai.usage.input_tokens", reply.tokensIn());
            span.setAttribute("gen_ai.usage.output_tokens", reply.tokensOut());
        }
        if (!result.outcome().equals(CallBook.ANSWERED)) {
            span.setAttribute("error.type", result.outcome());
            span.setStatus(StatusCode.ERROR);
        }
        span.end();
    }
}
