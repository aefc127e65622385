import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '@/api/api';
import type { ModifyPlan, Plan } from '@/api/types';

export type PlanAction =
  | { kind: 'approve' }
  | { kind: 'reject'; reason: string }
  | { kind: 'modify'; change: ModifyPlan }
  | { kind: 'cancel'; reason?: string }
  | { kind: 'pause' }
  | { kind: 'resume' };

function send(plan: Plan, action: PlanAction): Promise<Plan> {
  switch (action.kind) {
    case 'approve':
      return api.approve(plan.id, plan.planHash);
    case 'reject':
      return api.reject(plan.id, action.reason);
    case 'modify':
      return api.modify(plan.id, action.change);
    case 'cancel':
      return api.cancel(plan.id, action.reason);
    case 'pause':
      return api.pause(plan.id);
    case 'resume':
      return api.resume(plan.id);
  }
}

/** Everything a person can do to a plan. The answer is the plan as it is now, so the page turns over without a reload. */
export function usePlanAction(plan: Plan) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (action: PlanAction) => send(plan, action),
    onSuccess: (next) => {
      if (next?.id === plan.id && Array.isArray(next.steps)) {
        queryClient.setQueryData(['plan', plan.id, 'newest'], next);
      }
    },
    // Also after a refusal: what was refused was most likely decided on an outdated picture.
    onSettled: () => {
      void queryClient.invalidateQueries({ queryKey: ['plan', plan.id] });
      void queryClient.invalidateQueries({ queryKey: ['plans'] });
    },
  });
}
