import { useEffect, useState } from 'react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { api } from '@/api/api';
import { queries } from '@/api/queries';
import type { AuditEntry } from '@/api/types';
import { PlanPill } from '@/features/plans/PlanPill';
import { messages } from '@/messages';
import { Button, buttonClass } from '@/ui/Button';
import { FilterInput, FilterSelect } from '@/ui/Field';
import { Page } from '@/ui/Page';
import { Empty, QueryView } from '@/ui/QueryView';
import { EntryDetail } from './EntryDetail';
import { EntryTable } from './EntryTable';
import { VerifyChain } from './VerifyChain';

const text = messages.fleet.audit;
const STATUSES = ['completed', 'failed', 'interrupted', 'cancelled', 'rejected', 'approved'];

function Trail({ planId }: { planId: string }) {
  const plan = useQuery(queries.plan(planId));
  if (!plan.data) return <>{text.trailLead}</>;
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <Link
        to="/plans/$id"
        params={{ id: planId }}
        search={{}}
        className="text-accent underline underline-offset-2 break-words"
      >
        {plan.data.text}
      </Link>
      <PlanPill status={plan.data.status} />
    </span>
  );
}

function Filters() {
  const search = useSearch({ from: '/audit' });
  const navigate = useNavigate();
  const [typed, setTyped] = useState({
    q: search.q ?? '',
    type: search.type ?? '',
    actor: search.actor ?? '',
  });
  useEffect(() => {
    const timer = window.setTimeout(() => {
      const next = {
        q: typed.q.trim() || undefined,
        type: typed.type.trim() || undefined,
        actor: typed.actor.trim() || undefined,
      };
      if (next.q !== search.q || next.type !== search.type || next.actor !== search.actor) {
        void navigate({ to: '/audit', search: { ...search, ...next }, replace: true });
      }
    }, 350);
    return () => window.clearTimeout(timer);
  }, [typed, search, navigate]);
  return (
    <>
      <FilterInput
        type="search"
        label={text.search}
        value={typed.q}
        onChange={(event) => setTyped({ ...typed, q: event.target.value })}
      />
      <FilterInput
        type="search"
        label={text.type}
        placeholder={text.typePlaceholder}
        className="w-40 font-mono"
        value={typed.type}
        onChange={(event) => setTyped({ ...typed, type: event.target.value })}
      />
      <FilterInput
        type="search"
        label={text.actor}
        className="w-32"
        value={typed.actor}
        onChange={(event) => setTyped({ ...typed, actor: event.target.value })}
      />
      <FilterSelect
        label={text.status}
        value={search.status ?? ''}
        onChange={(event) =>
          void navigate({
            to: '/audit',
            search: { ...search, status: event.target.value || undefined },
            replace: true,
          })
        }
        options={[
          { value: '', label: text.anyStatus },
          ...STATUSES.map((value) => ({ value, label: value })),
        ]}
      />
      {search.plan && (
        <Link to="/audit" search={{}} className={buttonClass('quiet', true)}>
          {text.allEntries}
        </Link>
      )}
    </>
  );
}

export function AuditPage() {
  const search = useSearch({ from: '/audit' });
  const { plan, q, type, actor, status } = search;
  const entries = useInfiniteQuery({
    queryKey: ['audit', { plan, q, type, actor, status }],
    queryFn: ({ pageParam, signal }) =>
      api.auditEntries(
        { planId: plan, q, type, actor, status, size: plan ? 200 : 50, after: pageParam },
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    refetchInterval: plan ? 4_000 : false,
  });
  const order = (items: AuditEntry[]) => (plan ? [...items].sort((a, b) => a.seq - b.seq) : items);
  return (
    <Page
      title={plan ? text.trailTitle : text.title}
      lead={plan ? <Trail planId={plan} /> : text.lead}
      actions={<VerifyChain />}
      filters={<Filters key={plan ?? ''} />}
    >
      <QueryView
        query={entries}
        isEmpty={(data) => (data.pages[0]?.items.length ?? 0) === 0}
        empty={<Empty title={text.empty} body={text.emptyBody} />}
      >
        {(data) => {
          const items = order(data.pages.flatMap((page) => page.items));
          const open = items.find((entry) => entry.id === search.entry);
          return (
            <div className="grid gap-8 xl:grid-cols-[minmax(0,1fr)_minmax(340px,420px)]">
              <div className="min-w-0">
                <EntryTable entries={items} openId={search.entry} />
              </div>
              {open ? (
                <EntryDetail entry={open} />
              ) : (
                <p className="hidden pt-2 text-sm text-ink-3 xl:block">{text.choose}</p>
              )}
            </div>
          );
        }}
      </QueryView>
      {entries.hasNextPage && (
        <Button
          className="mt-4"
          busy={entries.isFetchingNextPage}
          busyText={messages.states.loadingMore}
          onClick={() => void entries.fetchNextPage()}
        >
          {messages.states.more}
        </Button>
      )}
    </Page>
  );
}
