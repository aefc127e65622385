import { useDeferredValue, useEffect, useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { api } from '@/api/api';
import type { Playbook } from '@/api/types';
import { useRole } from '@/features/auth/useSession';
import { RiskPill } from '@/features/plans/PlanPill';
import { messages } from '@/messages';
import { Button } from '@/ui/Button';
import { FilterInput } from '@/ui/Field';
import { Mark } from '@/ui/Mark';
import { Page } from '@/ui/Page';
import { State } from '@/ui/Pill';
import { Problem } from '@/ui/Problem';
import { Empty, QueryView } from '@/ui/QueryView';
import { Cell, Row, Table } from '@/ui/Table';
import { duration } from '@/ui/format';
import { PlaybookDetail } from './PlaybookDetail';

const text = messages.fleet.playbooks;

function PlaybookTable({ playbooks, openId }: { playbooks: Playbook[]; openId: string | undefined }) {
  const { columns } = text;
  const broken = playbooks.filter((playbook) => playbook.broken);
  return (
    <>
      {broken.length > 0 && (
        <p className="mb-3 flex items-center gap-1.5 text-sm text-bad">
          <Mark tone="bad" />
          {text.brokenCount(broken.length)}
        </p>
      )}
      <Table
        caption={text.title}
        columns={[
          { label: columns.playbook },
          { label: columns.risk },
          { label: columns.hosts, wide: true },
          { label: columns.variables, wide: true },
          { label: columns.duration, wide: true, className: 'text-right' },
        ]}
      >
        {playbooks.map((playbook) => {
          const variables = playbook.variables ?? [];
          return (
            <Row key={playbook.id} selected={playbook.id === openId}>
              <Cell className="min-w-[200px]">
                <Link
                  to="/playbooks"
                  search={(before) => ({ ...before, open: playbook.id })}
                  replace
                  data-row
                  className="block font-[560] hover:underline"
                >
                  {playbook.name ?? playbook.path}
                </Link>
                <span className="block font-mono text-xs break-all text-ink-3">{playbook.path}</span>
                {playbook.broken && (
                  <span className="block text-xs break-words text-bad">{playbook.broken}</span>
                )}
              </Cell>
              <Cell>
                {playbook.broken ? (
                  <State tone="bad">{text.broken}</State>
                ) : (
                  playbook.risk && <RiskPill risk={playbook.risk} />
                )}
              </Cell>
              <Cell wide className="font-mono text-xs">
                {playbook.hosts}
              </Cell>
              <Cell wide className="num">
                {text.requiredCount(variables.length, variables.filter((each) => each.required).length)}
              </Cell>
              <Cell wide className="num text-right text-ink-2">
                {playbook.estimatedSeconds ? `~${duration(playbook.estimatedSeconds)}` : ''}
              </Cell>
            </Row>
          );
        })}
      </Table>
    </>
  );
}

export function PlaybooksPage() {
  const search = useSearch({ from: '/playbooks' });
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const operator = useRole('operator');
  const [q, setQ] = useState(search.q ?? '');
  const needle = useDeferredValue(q.trim().toLowerCase());
  const playbooks = useQuery({
    queryKey: ['playbooks'],
    queryFn: ({ signal }) => api.playbooks({ size: 200, signal }),
    refetchInterval: 15_000,
  });
  const rescan = useMutation({
    mutationFn: api.rescan,
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: ['playbooks'] }),
  });
  useEffect(() => {
    if (search.q !== undefined) setQ(search.q);
  }, [search.q]);
  const fits = (playbook: Playbook) =>
    [playbook.name, playbook.path, playbook.description, playbook.service, ...(playbook.tags ?? [])].some(
      (each) => each?.toLowerCase().includes(needle),
    );
  return (
    <Page
      title={text.title}
      lead={text.lead}
      actions={
        operator && (
          <Button small busy={rescan.isPending} busyText={text.rescanning} onClick={() => rescan.mutate()}>
            {text.rescan}
          </Button>
        )
      }
      filters={
        <>
          <FilterInput
            type="search"
            label={text.search}
            value={q}
            onChange={(event) => setQ(event.target.value)}
          />
          <span role="status" className="text-sm text-ink-3">
            {rescan.isSuccess && text.rescanned}
          </span>
        </>
      }
    >
      {rescan.error && (
        <div className="mb-4">
          <Problem error={rescan.error} />
        </div>
      )}
      <QueryView
        query={playbooks}
        isEmpty={(page) => page.items.length === 0}
        empty={<Empty title={text.empty} body={text.emptyBody} />}
      >
        {({ items }) => {
          const shown = items.filter(fits);
          const open = items.find((playbook) => playbook.id === search.open);
          return (
            <div className="grid gap-8 xl:grid-cols-[minmax(0,1fr)_minmax(340px,420px)]">
              <div className="min-w-0">
                {shown.length === 0 ? (
                  <Empty title={text.emptySearch} />
                ) : (
                  <PlaybookTable playbooks={shown} openId={open?.id} />
                )}
              </div>
              {open ? (
                <PlaybookDetail
                  playbook={open}
                  onClose={() => void navigate({ to: '/playbooks', search: { ...search, open: undefined } })}
                />
              ) : (
                <p className="hidden pt-2 text-sm text-ink-3 xl:block">{text.choose}</p>
              )}
            </div>
          );
        }}
      </QueryView>
    </Page>
  );
}
