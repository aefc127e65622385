import type { ModifyPlan, ModifyStep, Plan, Question } from '@/api/types';

/** What the person chose for one question. */
export type Answer = { playbook: string } | { value: string } | { drop: true };

export function needsAnswer(question: Question): boolean {
  return (
    question.code === 'missing_variable' ||
    (question.candidates?.length ?? 0) > 0 ||
    question.stepNumber != null
  );
}

/**
 * One modify call for all answers: several answers about one step become one change of that step. Whoever leaves the step
 * out needs no other answer about it.
 */
export function toModification(plan: Plan, answers: ReadonlyMap<number, Answer>): ModifyPlan | undefined {
  const steps = new Map<number, ModifyStep>();
  (plan.questions ?? []).forEach((question, index) => {
    const answer = answers.get(index);
    const number = question.stepNumber;
    if (!answer || number == null) return;
    const step = steps.get(number) ?? { number };
    if ('drop' in answer) step.drop = true;
    else if ('playbook' in answer) step.playbook = answer.playbook;
    else if (question.variable && answer.value.trim() !== '') {
      step.variables = { ...step.variables, [question.variable]: answer.value.trim() };
    } else return;
    steps.set(number, step);
  });
  const changed = [...steps.values()].map((step) => (step.drop ? { number: step.number, drop: true } : step));
  return changed.length > 0 ? { steps: changed } : undefined;
}
