package io.skein.orchestrator.advice;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.models.LanguageModel;
import io.skein.orchestrator.llm.ClosedForm;
import io.skein.orchestrator.llm.UnusableAnswerException;
import java.util.ArrayList;
import java.util.List;

/** What a model answered, as far as it has the one form an answer may have ({@code prompts/plan-1.schema.json}). */
record DraftAnswer(List<Step> steps) {

    /** @param value text, a number, a boolean, or a list of texts */
    record Assigned(String name, JsonNode value) {

        static List<Assigned> in(JsonNode list) {
            List<Assigned> variables = new ArrayList<>();
            list.forEach(
                    variable -> variables.add(new Assigned(variable.path("name").textValue(), variable.path("value"))));
            return variables;
        }
    }

    record Step(int part, String playbook, List<Assigned> variables) {}

    private static final ClosedForm FORM =
            ClosedForm.of(PlanQuestion.PROMPT, "propose_steps", "Says which playbooks the parts of the request mean.");

    static final LanguageModel.Tool TOOL = FORM.tool();

    static DraftAnswer read(LanguageModel.Reply reply) throws UnusableAnswerException {
        List<Step> steps = new ArrayList<>();
        for (JsonNode step : FORM.read(reply).path("steps")) {
            steps.add(new Step(
                    step.path("part").intValue(),
                    step.path("playbook").textValue(),
                    Assigned.in(step.path("variables"))));
        }
        return new DraftAnswer(steps);
    }
}
