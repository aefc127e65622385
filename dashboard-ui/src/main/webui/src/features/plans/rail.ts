import type { Step } from '@/api/types';

/**
 * What the rail below a step shows: `waits` when the next step waits for this one, `passing` when only a later one waits for
 * this or an earlier one, nothing when the rest is independent.
 */
export function railBelow(
  steps: readonly Pick<Step, 'number' | 'dependsOn'>[],
  index: number,
): 'waits' | 'passing' | undefined {
  const here = steps[index];
  const later = steps.slice(index + 1);
  if (!here || !later[0]) return undefined;
  if (later[0].dependsOn?.includes(here.number)) return 'waits';
  const above = new Set(steps.slice(0, index + 1).map((step) => step.number));
  return later.some((step) => step.dependsOn?.some((number) => above.has(number))) ? 'passing' : undefined;
}
