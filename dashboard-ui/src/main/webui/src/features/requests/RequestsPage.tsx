import { useState } from 'react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { api } from '@/api/api';
import { activeStatuses, isTerminal, waitingStatuses } from '@/api/queries';
import type { PlanSummary } from '@/api/types';
import { PlanPill } from '@/features/plans/PlanPill';
import { messages } from '@/messages';
import { Button, buttonClass } from '@/ui/Button';
import { FilterInput, FilterSelect } from '@/ui/Field';
import { Page } from '@/ui/Page';
import { Empty, QueryView } from '@/ui/QueryView';
import { Cell, Row, Table } from '@/ui/Table';
import { Ago, Elapsed } from '@/ui/Time';

const shows = {
  waiting: (plan: PlanSummary) => waitingStatuses.has(plan.status),
  running: (plan: PlanSummary) => activeStatuses.has(plan.status),
  done: (plan: PlanSummary) => isTerminal(plan.status),
};

export function RequestsPage() {
  const { show } = useSearch({ from: '/requests' });
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const plans = useInfiniteQuery({
    queryKey: ['plans', 'all'],
    queryFn: ({ pageParam, signal }) => api.plans({ size: 100, after: pageParam, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    refetchInterval: 5_000,
  });
  const needle = text.trim().toLowerCase();
  const fits = (plan: PlanSummary) =>
    (!show || shows[show](plan)) && (!needle || plan.text.toLowerCase().includes(needle));
  const { columns } = messages.requests;
  return (
    <Page
      title={messages.requests.title}
      lead={messages.requests.lead}
      filters={
        <>
          <FilterSelect
            label={messages.requests.filterLabel}
            value={show ?? ''}
            onChange={(event) =>
              void navigate({
                to: '/requests',
                search: { show: (event.target.value || undefined) as typeof show },
                replace: true,
              })
            }
            options={[
              { value: '', label: messages.requests.filterAll },
              { value: 'waiting', label: messages.requests.filterWaiting },
              { value: 'running', label: messages.requests.filterRunning },
              { value: 'done', label: messages.requests.filterDone },
            ]}
          />
          <FilterInput
            type="search"
            label={messages.requests.search}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </>
      }
    >
      <QueryView
        query={plans}
        isEmpty={(data) => data.pages[0]?.items.length === 0}
        empty={
          <Empty title={messages.requests.empty} body={messages.requests.emptyBody}>
            <Link to="/" search={{}} className={buttonClass('go')}>
              {messages.requests.emptyAction}
            </Link>
          </Empty>
        }
      >
        {(data) => {
          const shown = data.pages.flatMap((page) => page.items).filter(fits);
          if (shown.length === 0) return <Empty title={messages.requests.emptyFiltered} />;
          return (
            <Table
              caption={messages.requests.title}
              columns={[
                { label: columns.request },
                { label: columns.status },
                { label: columns.hosts, wide: true },
                { label: columns.by, wide: true },
                { label: columns.took, wide: true, className: 'text-right' },
                { label: columns.when, wide: true, className: 'text-right' },
              ]}
            >
              {shown.map((plan) => (
                <Row key={plan.id}>
                  <Cell className="min-w-[150px]">
                    <Link
                      to="/plans/$id"
                      params={{ id: plan.id }}
                      search={{}}
                      data-row
                      className="line-clamp-2 font-[560] break-words hover:underline"
                    >
                      {plan.text}
                    </Link>
                    {plan.statusReason && !isTerminal(plan.status) && (
                      <span className="block text-ink-3">{plan.statusReason}</span>
                    )}
                    <span className="text-ink-3 md:hidden">
                      <Ago at={plan.createdAt} />
                    </span>
                  </Cell>
                  <Cell>
                    <PlanPill status={plan.status} />
                  </Cell>
                  <Cell wide className="font-mono">
                    {plan.hosts?.slice(0, 3).join(', ')}
                  </Cell>
                  <Cell wide>{plan.requestedBy}</Cell>
                  <Cell wide className="text-right">
                    {plan.startedAt && <Elapsed from={plan.startedAt} to={plan.finishedAt} />}
                  </Cell>
                  <Cell wide className="text-right text-ink-2">
                    <Ago at={plan.createdAt} />
                  </Cell>
                </Row>
              ))}
            </Table>
          );
        }}
      </QueryView>
      {plans.hasNextPage && (
        <Button
          className="mt-4"
          busy={plans.isFetchingNextPage}
          busyText={messages.states.loadingMore}
          onClick={() => void plans.fetchNextPage()}
        >
          {messages.states.more}
        </Button>
      )}
    </Page>
  );
}
