import { useEffect, useState } from 'react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { api } from '@/api/api';
import { queries } from '@/api/queries';
import type { FleetEvent } from '@/api/types';
import { messages } from '@/messages';
import { Button } from '@/ui/Button';
import { FilterInput, FilterSelect } from '@/ui/Field';
import { Page } from '@/ui/Page';
import { State } from '@/ui/Pill';
import type { Tone } from '@/ui/Mark';
import { Empty, QueryView } from '@/ui/QueryView';
import { Cell, Row, Table } from '@/ui/Table';
import { Ago } from '@/ui/Time';
import { middleCut } from '@/ui/format';

const text = messages.fleet.events;
const PRIORITIES = ['critical', 'high', 'normal', 'low'];
const priorityTone: Record<string, Tone> = { critical: 'bad', high: 'warn' };

const at = (event: FleetEvent) => event.receivedAt ?? event.time;

function Line({ event }: { event: FleetEvent }) {
  const tone = priorityTone[event.priority ?? ''] ?? 'idle';
  return (
    <Row>
      <Cell className="text-ink-2">
        <Ago at={at(event)} />
      </Cell>
      <Cell>
        <span className="block font-mono font-[560]" data-row tabIndex={-1}>
          {event.type}
        </span>
        {event.source && <span className="text-xs text-ink-3">{event.source.replace(/^\//, '')}</span>}
      </Cell>
      <Cell wide>
        <State tone={tone}>{event.priority}</State>
      </Cell>
      <Cell>
        {event.planId ? (
          <Link
            to="/plans/$id"
            params={{ id: event.planId }}
            search={{}}
            className="text-accent underline underline-offset-2"
          >
            plan {middleCut(event.planId, 4, 4)}
          </Link>
        ) : (
          <span className="font-mono text-xs break-all" title={event.subject ?? undefined}>
            {middleCut(event.subject ?? '', 14, 8)}
          </span>
        )}
      </Cell>
      <Cell wide>{event.actor?.replace(/^(service|agent|user):/, '')}</Cell>
      <Cell wide className={event.routedTo?.length ? '' : 'text-ink-3'}>
        {event.routedTo?.length ? (
          <Link to="/agents" className="text-accent underline underline-offset-2">
            {event.routedTo.join(', ')}
          </Link>
        ) : event.routing === 'pending' ? (
          text.pending
        ) : (
          text.unhandled
        )}
      </Cell>
    </Row>
  );
}

export function EventsPage() {
  const search = useSearch({ from: '/events' });
  const navigate = useNavigate();
  const [type, setType] = useState(search.type ?? '');
  const stats = useQuery(queries.eventStats());
  const events = useInfiniteQuery({
    queryKey: ['events', 'log', search],
    queryFn: ({ pageParam, signal }) =>
      api.events({
        size: 50,
        after: pageParam,
        priority: search.priority,
        type: search.type,
        planId: search.plan,
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
  });
  // New rows do not push what is being read: they are counted, and come in when asked for.
  const probe = useQuery({
    queryKey: ['events', 'probe', search],
    queryFn: ({ signal }) =>
      api.events({ size: 50, priority: search.priority, type: search.type, planId: search.plan, signal }),
    refetchInterval: 4_000,
  });
  const newest = events.data?.pages[0]?.items[0]?.id;
  const position = probe.data?.items.findIndex((event) => event.id === newest) ?? 0;
  const fresh = newest === undefined ? 0 : position < 0 ? 50 : position;
  useEffect(() => {
    const timer = window.setTimeout(() => {
      if ((search.type ?? '') !== type.trim()) {
        void navigate({
          to: '/events',
          search: { ...search, type: type.trim() || undefined },
          replace: true,
        });
      }
    }, 350);
    return () => window.clearTimeout(timer);
  }, [type, search, navigate]);
  const { columns } = text;
  const unhandled = stats.data?.unhandled ?? 0;
  const total = stats.data?.total ?? (stats.data?.routed ?? 0) + unhandled;
  return (
    <Page
      title={text.title}
      lead={stats.data ? `${text.lead} ${text.stats(total, unhandled)}.` : text.lead}
      filters={
        <>
          <FilterSelect
            label={text.priority}
            value={search.priority ?? ''}
            onChange={(event) =>
              void navigate({
                to: '/events',
                search: { ...search, priority: event.target.value || undefined },
                replace: true,
              })
            }
            options={[
              { value: '', label: text.anyPriority },
              ...PRIORITIES.map((value) => ({ value, label: value })),
            ]}
          />
          <FilterInput
            type="search"
            label={text.type}
            placeholder={text.typePlaceholder}
            className="font-mono"
            value={type}
            onChange={(event) => setType(event.target.value)}
          />
          {fresh > 0 && (
            <Button small look="go" className="num" onClick={() => void events.refetch()}>
              {text.fresh(fresh)}
            </Button>
          )}
        </>
      }
    >
      <QueryView
        query={events}
        isEmpty={(data) => (data.pages[0]?.items.length ?? 0) === 0}
        empty={<Empty title={text.empty} body={text.emptyBody} />}
      >
        {(data) => (
          <Table
            caption={text.title}
            columns={[
              { label: columns.when },
              { label: columns.type },
              { label: columns.priority, wide: true },
              { label: columns.subject },
              { label: columns.actor, wide: true },
              { label: columns.routed, wide: true },
            ]}
          >
            {data.pages
              .flatMap((page) => page.items)
              .map((event) => (
                <Line key={event.id} event={event} />
              ))}
          </Table>
        )}
      </QueryView>
      {events.hasNextPage && (
        <Button
          className="mt-4"
          busy={events.isFetchingNextPage}
          busyText={messages.states.loadingMore}
          onClick={() => void events.fetchNextPage()}
        >
          {messages.states.more}
        </Button>
      )}
    </Page>
  );
}
