import type { PlanStatus, Risk } from '@/api/types';
import { useRole } from '@/features/auth/useSession';
import { messages } from '@/messages';
import { Pill } from '@/ui/Pill';
import { planTone, riskTone } from './status';

export function PlanPill({ status }: { status: PlanStatus }) {
  const approver = useRole('approver');
  const text =
    status === 'awaiting_approval' && approver
      ? messages.plans.awaitingYou
      : (messages.plans.status[status] ?? status);
  return (
    <Pill tone={planTone[status] ?? 'idle'} mark={status !== 'awaiting_approval' && status !== 'needs_input'}>
      {text}
    </Pill>
  );
}

export function RiskPill({ risk }: { risk: Risk }) {
  return <Pill tone={riskTone[risk] ?? 'idle'}>{messages.plans.risk[risk] ?? risk}</Pill>;
}
