import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { queries } from '@/api/queries';
import type { Plan } from '@/api/types';
import { useMe } from '@/features/auth/useSession';
import { messages } from '@/messages';
import { dollars, duration } from '@/ui/format';
import { Ago } from '@/ui/Time';
import { PlanPill } from './PlanPill';

function Versions({ plan }: { plan: Plan }) {
  const navigate = useNavigate();
  const versions = useQuery({
    ...queries.versions(plan.id),
    enabled: plan.version > 1 || plan.status === 'superseded',
  });
  const items = versions.data?.items ?? [];
  if (items.length < 2) return <span className="num text-ink-3">{messages.plans.version(plan.version)}</span>;
  const newest = Math.max(...items.map((each) => each.version));
  return (
    <select
      aria-label={messages.plans.versionsLabel}
      value={plan.version}
      className="num -my-1 max-w-[260px] rounded-[4px] border border-line bg-transparent py-0.5 text-sm text-ink-2"
      onChange={(event) => {
        const version = Number(event.target.value);
        void navigate({
          to: '/plans/$id',
          params: { id: plan.id },
          search: { version: version === newest ? undefined : version },
        });
      }}
    >
      {[...items]
        .sort((a, b) => b.version - a.version)
        .map((each) => (
          <option key={each.version} value={each.version}>
            {messages.plans.version(each.version)}
            {each.summary ? `: ${each.summary.slice(0, 60)}` : ''}
          </option>
        ))}
    </select>
  );
}

export function PlanHeader({ plan, children }: { plan: Plan; children?: ReactNode }) {
  const me = useMe();
  const hosts = plan.hosts ?? [];
  const who = plan.requestedBy === me ? messages.plans.you : plan.requestedBy;
  return (
    <header className="border-b border-line px-4 pt-4 pb-3 sm:px-8">
      <div className="flex flex-wrap items-baseline gap-x-1.5 text-sm text-ink-3">
        <Link to="/requests" className="hover:text-ink">
          {messages.plans.crumb}
        </Link>
        <span>/</span>
        <span>
          {who && messages.plans.askedBy(who)}
          <Ago at={plan.createdAt} />
        </span>
        {plan.sessionId && plan.requestedBy === me && (
          <Link
            to="/sessions/$id"
            params={{ id: plan.sessionId }}
            className="ml-2 underline decoration-line-strong underline-offset-2 hover:text-ink"
          >
            {messages.plans.conversation}
          </Link>
        )}
      </div>
      <h1 className="title-1 mt-0.5 mb-2 line-clamp-3 break-words" title={plan.text}>
        {plan.text}
      </h1>
      <div className="num flex flex-wrap items-center gap-x-5 gap-y-1.5 text-sm text-ink-2 [&_b]:font-[560] [&_b]:text-ink">
        <PlanPill status={plan.status} />
        {children ?? (
          <>
            <span>
              <b>{plan.steps.length}</b> {messages.plans.steps(plan.steps.length).split(' ')[1]}
            </span>
            {hosts.length > 0 && <span>{messages.plans.hosts(hosts)}</span>}
            {plan.estimatedSeconds ? (
              <span>
                {messages.plans.about} <b>{duration(plan.estimatedSeconds)}</b>
              </span>
            ) : null}
            {plan.cost?.runUsd ? <span>{messages.plans.runCost(dollars(plan.cost.runUsd))}</span> : null}
            {plan.cost?.modelCalls ? (
              <span title={messages.plans.modelCalls(plan.cost.modelCalls)}>
                {messages.plans.modelCost(dollars(plan.cost.modelsUsd))}
              </span>
            ) : null}
          </>
        )}
        <span className="text-ink-3">
          <Versions plan={plan} />
          {plan.planner && (
            <span title={plan.planner.reason ?? undefined}>
              {' '}
              {messages.plans.plannedBy(plan.planner.name)}
            </span>
          )}
        </span>
      </div>
    </header>
  );
}
