import type { ModifyPlan, ModifyStep, Plan, Step, Variable } from '@/api/types';
import { showValue } from '@/ui/format';

/** The plan as somebody is editing it. */
export interface Draft {
  order: number[];
  dropped: ReadonlySet<number>;
  /** step number -> variable -> text as typed */
  values: ReadonlyMap<number, ReadonlyMap<string, string>>;
}

export function emptyDraft(plan: Plan): Draft {
  return { order: plan.steps.map((step) => step.number), dropped: new Set(), values: new Map() };
}

export function move(draft: Draft, number: number, by: -1 | 1): Draft {
  const order = [...draft.order];
  const at = order.indexOf(number);
  const to = at + by;
  const other = order[to];
  if (at < 0 || other === undefined) return draft;
  order[to] = number;
  order[at] = other;
  return { ...draft, order };
}

export function setDropped(draft: Draft, number: number, dropped: boolean): Draft {
  const next = new Set(draft.dropped);
  if (dropped) next.add(number);
  else next.delete(number);
  return { ...draft, dropped: next };
}

export function setValue(draft: Draft, step: number, variable: string, text: string): Draft {
  const values = new Map(draft.values);
  values.set(step, new Map(values.get(step)).set(variable, text));
  return { ...draft, values };
}

/** Keeps the kind of the value that stood there: 3001 stays a number, "3001" a string, [..] a list. */
export function typed(text: string, before: unknown): unknown {
  if (typeof before === 'number' && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text);
  if (typeof before === 'boolean' && /^(true|false)$/.test(text.trim())) return text.trim() === 'true';
  if (typeof before === 'object' && before !== null) {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      return text;
    }
  }
  return text;
}

function changedVariables(
  step: Step,
  typedIn: ReadonlyMap<string, string> | undefined,
): Record<string, unknown> {
  const changed: Record<string, unknown> = {};
  for (const variable of step.variables ?? []) {
    const text = typedIn?.get(variable.name);
    if (text !== undefined && text !== shownValue(variable))
      changed[variable.name] = typed(text, variable.value);
  }
  return changed;
}

export function shownValue(variable: Variable): string {
  return variable.secret || variable.source === 'missing' ? '' : showValue(variable.value);
}

/** Only what differs is sent; undefined when nothing does. */
export function toChange(plan: Plan, draft: Draft): ModifyPlan | undefined {
  const steps: ModifyStep[] = [];
  for (const step of plan.steps) {
    if (draft.dropped.has(step.number)) {
      steps.push({ id: step.id, number: step.number, drop: true });
      continue;
    }
    const variables = changedVariables(step, draft.values.get(step.number));
    if (Object.keys(variables).length > 0) steps.push({ id: step.id, number: step.number, variables });
  }
  const order = draft.order.filter((number) => !draft.dropped.has(number));
  const before = plan.steps.map((step) => step.number).filter((number) => !draft.dropped.has(number));
  const reordered = order.some((number, index) => number !== before[index]);
  if (steps.length === 0 && !reordered) return undefined;
  return { ...(steps.length > 0 ? { steps } : {}), ...(reordered ? { order } : {}) };
}
