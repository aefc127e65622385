import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { isTerminal, queries } from '@/api/queries';
import type { Plan } from '@/api/types';
import { RunView } from '@/features/run/RunView';
import { messages } from '@/messages';
import { QueryView } from '@/ui/QueryView';
import { useTitle } from '@/ui/Page';
import { Button } from '@/ui/Button';
import { Mark } from '@/ui/Mark';
import { ReviewView } from './ReviewView';

/** A plan was run, or is being run, once it left review by the front way. */
export function everRan(plan: Plan): boolean {
  return !['needs_input', 'awaiting_approval', 'rejected', 'superseded'].includes(plan.status);
}

export function PlanPage() {
  const { id } = useParams({ from: '/plans/$id' });
  const { version } = useSearch({ from: '/plans/$id' });
  const newest = useQuery({
    ...queries.plan(id),
    // The stream tells first; this is what remains when there is none yet (review) or it is cut.
    refetchInterval: ({ state }) => (isTerminal(state.data?.status) ? false : 5_000),
  });
  const old = useQuery({ ...queries.plan(id, version), enabled: version !== undefined });
  return (
    <QueryView query={newest} rows={8}>
      {(plan) =>
        version !== undefined && version !== plan.version ? (
          <QueryView query={old} rows={8}>
            {(shown) => <OldVersion key={version} shown={shown} newest={plan} />}
          </QueryView>
        ) : (
          <Current key={`${plan.id} ${plan.version}`} plan={plan} />
        )
      }
    </QueryView>
  );
}

function Current({ plan }: { plan: Plan }) {
  useTitle(plan.text.slice(0, 60));
  return everRan(plan) ? <RunView plan={plan} /> : <ReviewView plan={plan} />;
}

function OldVersion({ shown, newest }: { shown: Plan; newest: Plan }) {
  const navigate = useNavigate();
  useTitle(shown.text.slice(0, 60));
  return (
    <ReviewView
      plan={shown}
      readOnly
      banner={
        <div className="flex flex-wrap items-center gap-3 border-b border-line bg-warn-soft px-4 py-2 text-sm text-warn sm:px-8">
          <Mark tone="warn" />
          <span className="text-ink">{messages.plans.oldVersion(shown.version, newest.version)}</span>
          <Button
            small
            onClick={() => void navigate({ to: '/plans/$id', params: { id: newest.id }, search: {} })}
          >
            {messages.plans.toNewest}
          </Button>
        </div>
      }
    />
  );
}
