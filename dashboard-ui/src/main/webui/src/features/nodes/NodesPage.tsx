import { useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '@/api/api';
import { queries } from '@/api/queries';
import type { FleetNode } from '@/api/types';
import { useRole } from '@/features/auth/useSession';
import { messages } from '@/messages';
import { Button } from '@/ui/Button';
import { Meter, pressure } from '@/ui/Meter';
import { Page } from '@/ui/Page';
import { State } from '@/ui/Pill';
import { Problem } from '@/ui/Problem';
import { Empty, QueryView } from '@/ui/QueryView';
import { Cell, Row, Table } from '@/ui/Table';
import { Ago } from '@/ui/Time';
import { bytes, percent } from '@/ui/format';

const text = messages.fleet.nodes;

function Bar({ fraction, label, words }: { fraction: number; label: string; words: string }) {
  return (
    <div className="min-w-[76px] sm:min-w-[110px]">
      <Meter value={fraction} label={label} tone={pressure(fraction)} className="mt-1.5 mb-1" />
      <span className="num text-xs text-ink-2">{words}</span>
    </div>
  );
}

function Figures({ node }: { node: FleetNode }) {
  const { resources } = node;
  if (!resources) {
    return (
      <>
        <Cell className="text-ink-3">{text.unknown}</Cell>
        <Cell />
        <Cell wide />
        <Cell wide />
      </>
    );
  }
  const used = resources.memoryTotalBytes - resources.memoryAvailableBytes;
  const memory = resources.memoryTotalBytes > 0 ? used / resources.memoryTotalBytes : 0;
  const gpus = resources.gpus ?? [];
  return (
    <>
      <Cell>
        <Bar
          fraction={resources.cpuUsedFraction}
          label={text.cpuLabel(percent(resources.cpuUsedFraction))}
          words={`${percent(resources.cpuUsedFraction)} % of ${text.cores(resources.cpuCores)}`}
        />
      </Cell>
      <Cell>
        <Bar
          fraction={memory}
          label={text.memoryLabel(percent(memory))}
          words={text.of(bytes(used) ?? '', bytes(resources.memoryTotalBytes) ?? '')}
        />
      </Cell>
      <Cell wide>
        {gpus.length === 0 && <span className="text-ink-3">{text.noGpu}</span>}
        {gpus.map((gpu, index) => {
          const total = gpu.vramTotalBytes ?? 0;
          const free = gpu.vramFreeBytes;
          return (
            <div key={index} className="min-w-[130px]">
              {typeof free === 'number' && total > 0 ? (
                <Bar
                  fraction={(total - free) / total}
                  label={text.vramLabel(percent((total - free) / total))}
                  words={`${text.free(bytes(free) ?? '', bytes(total) ?? '')}, ${gpu.name}`}
                />
              ) : (
                <span className="text-ink-3">{gpu.name === 'unknown' ? text.unknown : gpu.name}</span>
              )}
            </div>
          );
        })}
      </Cell>
      <Cell wide className="num text-ink-2">
        {(resources.loadAverages ?? []).map((load) => load.toFixed(2)).join('  ')}
      </Cell>
    </>
  );
}

export function NodesPage() {
  const nodes = useQuery(queries.nodes());
  const queryClient = useQueryClient();
  const operator = useRole('operator');
  const [error, setError] = useState<unknown>();
  const cordon = useMutation({
    mutationFn: ({ name, on }: { name: string; on: boolean }) => api.cordon(name, on),
    onMutate: () => setError(undefined),
    onError: setError,
    onSettled: () => void queryClient.invalidateQueries({ queryKey: ['nodes'] }),
  });
  const { columns } = text;
  return (
    <Page title={text.title} lead={text.lead}>
      {error !== undefined && (
        <div className="mb-4">
          <Problem error={error} />
        </div>
      )}
      <QueryView
        query={nodes}
        isEmpty={(page) => page.items.length === 0}
        empty={<Empty title={text.empty} body={text.emptyBody} />}
      >
        {({ items }) => (
          <Table
            caption={text.title}
            columns={[
              { label: columns.node },
              { label: columns.state },
              { label: columns.cpu },
              { label: columns.memory },
              { label: columns.vram, wide: true },
              { label: columns.load, wide: true },
              { label: columns.heartbeat, wide: true },
              ...(operator ? [{ label: columns.actions, wide: true, className: 'text-right' }] : []),
            ]}
          >
            {items.map((node) => {
              const online = node.status === 'online';
              return (
                <Row key={node.name}>
                  <Cell>
                    <span className="block font-mono font-[560] outline-offset-2" data-row tabIndex={-1}>
                      {node.name}
                    </span>
                    <span className="hidden text-xs text-ink-3 sm:block">
                      {[node.resources?.os, node.resources?.arch, node.agentVersion]
                        .filter(Boolean)
                        .join(', ')}
                    </span>
                  </Cell>
                  <Cell>
                    <State tone={online ? (node.cordoned ? 'warn' : 'ok') : 'bad'}>
                      {online ? text.online : text.offline}
                      {node.cordoned && `, ${text.cordoned}`}
                    </State>
                  </Cell>
                  <Figures node={node} />
                  <Cell wide className="text-ink-2">
                    <Ago at={node.lastHeartbeatAt} />
                  </Cell>
                  {operator && (
                    <Cell wide className="text-right">
                      <Button
                        small
                        title={text.cordonTitle}
                        busy={cordon.isPending && cordon.variables.name === node.name}
                        onClick={() => cordon.mutate({ name: node.name, on: !node.cordoned })}
                      >
                        {node.cordoned ? text.uncordon : text.cordon}
                      </Button>
                    </Cell>
                  )}
                </Row>
              );
            })}
          </Table>
        )}
      </QueryView>
    </Page>
  );
}
