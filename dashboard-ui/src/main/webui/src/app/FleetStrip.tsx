import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { queries } from '@/api/queries';
import type { FleetNode } from '@/api/types';
import { messages } from '@/messages';
import { bytes } from '@/ui/format';
import { Mark, type Tone } from '@/ui/Mark';
import { toneText } from '@/ui/Pill';

function Line({ tone, children }: { tone?: Tone; children: ReactNode }) {
  return (
    <div className="flex items-baseline gap-1.5">
      {tone && (
        <span className={toneText[tone]}>
          <Mark tone={tone} />
        </span>
      )}
      <span>{children}</span>
    </div>
  );
}

function freeVram(nodes: FleetNode[]): string | undefined {
  const gpus = nodes.filter((node) => node.status === 'online').flatMap((node) => node.resources?.gpus ?? []);
  const known = gpus.filter((gpu) => typeof gpu.vramFreeBytes === 'number');
  return known.length === 0
    ? undefined
    : bytes(known.reduce((sum, gpu) => sum + (gpu.vramFreeBytes ?? 0), 0));
}

/** The fleet in three lines, on every page. */
export function FleetStrip() {
  const fleet = useQuery(queries.fleet());
  const nodes = useQuery(queries.nodes());
  const plans = useQuery(queries.recentPlans());
  const newestId = plans.data?.items[0]?.id ?? '';
  // Who plans is a fact of each plan; the newest one says who does it now.
  const newest = useQuery({ ...queries.plan(newestId), enabled: newestId !== '', staleTime: 60_000 });
  const planner = newest.data?.planner?.name;
  const services = fleet.data?.items;
  const down = services?.filter((service) => service.status !== 'ready') ?? [];
  const machines = nodes.data?.items;
  const offline = machines?.filter((node) => node.status !== 'online').length ?? 0;
  const vram = machines ? freeVram(machines) : undefined;
  return (
    <div className="grid gap-1.5 border-t border-line px-2 pt-3" aria-live="polite">
      {services ? (
        <>
          <Line tone={down.length === 0 ? 'ok' : 'bad'}>
            <span className="num">
              {messages.strip.services(services.length - down.length, services.length)}
            </span>
          </Line>
          {down.length > 0 && (
            <Line>
              <span title={down.map((service) => service.reason ?? '').join(' ')}>
                {messages.strip.down(down.map((service) => service.name).join(', '))}
              </span>
            </Line>
          )}
        </>
      ) : (
        fleet.error && <Line tone="warn">{messages.strip.unknown}</Line>
      )}
      {machines && (
        <Line tone={machines.length === 0 ? 'idle' : offline > 0 ? 'warn' : 'ok'}>
          {machines.length === 0 ? (
            messages.strip.noNodes
          ) : (
            <Link to="/nodes" className="num hover:underline">
              {messages.strip.nodes(machines.length, offline)}
              {vram && messages.strip.vram(vram)}
            </Link>
          )}
        </Line>
      )}
      {planner && <Line>{messages.strip.planner(planner)}</Line>}
    </div>
  );
}
