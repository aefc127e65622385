import { Link } from '@tanstack/react-router';
import { isTerminal } from '@/api/queries';
import type { PlanSummary } from '@/api/types';
import { useMe } from '@/features/auth/useSession';
import { messages } from '@/messages';
import { cx } from '@/ui/cx';
import { Ago, Elapsed } from '@/ui/Time';
import { PlanPill } from './PlanPill';
import { summaryFacts } from './summaryFacts';

/** One plan as a line that is a link: what was asked, how it stands, where, since when. */
export function PlanRow({ plan, big = false }: { plan: PlanSummary; big?: boolean }) {
  const me = useMe();
  const facts = summaryFacts(plan);
  const running = plan.status === 'running' || plan.status === 'approved';
  return (
    <li className="border-b border-line">
      <Link
        to="/plans/$id"
        params={{ id: plan.id }}
        search={{}}
        data-row
        className={cx('-mx-2 block rounded-1 px-2 hover:bg-surface', big ? 'py-3.5' : 'py-2.5')}
      >
        <div className={cx('line-clamp-2 break-words', big ? 'text-md font-[580]' : 'text-md')}>
          {plan.text}
        </div>
        <div className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-ink-2">
          <PlanPill status={plan.status} />
          {facts.map((fact) => (
            <span key={fact} className="num">
              {fact}
            </span>
          ))}
          {running && plan.startedAt && (
            <span>
              {messages.plans.runsFor} <Elapsed from={plan.startedAt} />
            </span>
          )}
          {plan.statusReason && !isTerminal(plan.status) && <span>{plan.statusReason}</span>}
          <span className="text-ink-3">
            {plan.requestedBy && plan.requestedBy !== me && messages.plans.askedBy(plan.requestedBy)}
            <Ago
              at={
                isTerminal(plan.status)
                  ? (plan.finishedAt ?? plan.updatedAt ?? plan.createdAt)
                  : plan.createdAt
              }
            />
          </span>
        </div>
      </Link>
    </li>
  );
}
