import type { PlanSummary } from '@/api/types';
import { messages } from '@/messages';

export function stepCount(plan: PlanSummary): number | undefined {
  if (typeof plan.stepCount === 'number') return plan.stepCount;
  if (typeof plan.steps === 'number') return plan.steps;
  return Array.isArray(plan.steps) ? plan.steps.length : undefined;
}

export function summaryFacts(plan: PlanSummary): string[] {
  const count = stepCount(plan);
  const done =
    plan.stepsDone ??
    (Array.isArray(plan.steps) ? plan.steps.filter((step) => step.status === 'completed').length : undefined);
  const facts: string[] = [];
  if (plan.status === 'running' && done !== undefined && count)
    facts.push(messages.run.progress(done, count));
  else if (count) facts.push(messages.plans.steps(count));
  if (plan.hosts && plan.hosts.length > 0) facts.push(messages.plans.hosts(plan.hosts));
  return facts;
}
