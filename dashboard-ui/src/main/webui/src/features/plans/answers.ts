import type { ModifyPlan, ModifyStep, Plan, Question } from '@/api/types';

/** What the person chose for one question. */
export type Answer =
  { playbook: string } | { value: string; variable?: string } | { place: string } | { drop: true };

/** How a question can be answered, which decides the control it gets. */
export type AnswerKind = 'value' | 'place' | 'choice' | 'any-playbook' | 'words';

export function answerKind(question: Question): AnswerKind {
  if (question.code === 'unknown_target') return 'place';
  if (question.code === 'unclear_change') return 'words';
  if (question.variable) return 'value';
  // What is broken is named as the candidate; choosing it would only be refused.
  if (question.code === 'broken_playbook') return 'any-playbook';
  return (question.candidates ?? []).length > 0 ? 'choice' : 'any-playbook';
}

/** The variables a value may be meant for: usually one, several when the words fit several. */
export function variableNames(question: Question): string[] {
  return question.variable?.split('|').filter(Boolean) ?? [];
}

/** Where the answer goes: the step it is about, or the words that became no step yet. */
function target(plan: Plan, question: Question): { key: string; step: ModifyStep } | undefined {
  if (question.stepNumber != null) {
    const id = plan.steps.find((step) => step.number === question.stepNumber)?.id;
    return { key: `step ${question.stepNumber}`, step: { id, number: question.stepNumber } };
  }
  return question.clause
    ? { key: `clause ${question.clause}`, step: { clause: question.clause } }
    : undefined;
}

function apply(step: ModifyStep, question: Question, answer: Answer): boolean {
  if ('drop' in answer) step.drop = true;
  else if ('playbook' in answer) step.playbook = answer.playbook;
  else if ('place' in answer) {
    if (answer.place.trim() === '') return false;
    step.inventory = answer.place.trim();
  } else {
    const names = variableNames(question);
    const name = names.length === 1 ? names[0] : answer.variable;
    if (!name || answer.value.trim() === '') return false;
    step.variables = { ...step.variables, [name]: answer.value.trim() };
  }
  return true;
}

/**
 * One modify call for all answers: several answers about one step become one change of that step. Whoever leaves the step
 * out needs no other answer about it.
 */
export function toModification(plan: Plan, answers: ReadonlyMap<number, Answer>): ModifyPlan | undefined {
  const steps = new Map<string, ModifyStep>();
  (plan.questions ?? []).forEach((question, index) => {
    const answer = answers.get(index);
    const where = target(plan, question);
    if (!answer || !where) return;
    const step = steps.get(where.key) ?? where.step;
    if (apply(step, question, answer)) steps.set(where.key, step);
  });
  const changed = [...steps.values()].map(({ id, number, clause, ...rest }) => ({
    ...(id ? { id } : {}),
    ...(number === undefined ? {} : { number }),
    ...(clause === undefined ? {} : { clause }),
    ...(rest.drop ? { drop: true } : rest),
  }));
  return changed.length > 0 ? { steps: changed } : undefined;
}
