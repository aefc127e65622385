import type { PlanSummary } from '@/api/types';
import { messages } from '@/messages';

export function summaryFacts(plan: PlanSummary): string[] {
  const facts: string[] = [];
  if (plan.steps) facts.push(messages.plans.steps(plan.steps));
  if (plan.hosts && plan.hosts.length > 0) facts.push(messages.plans.hosts(plan.hosts));
  return facts;
}
