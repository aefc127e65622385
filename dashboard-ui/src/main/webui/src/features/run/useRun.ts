import { useEffect, useRef, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { api } from '@/api/api';
import { isTerminal } from '@/api/queries';
import { PlanStream, type StreamState } from '@/api/planStream';
import type { Plan, StreamEvent } from '@/api/types';
import { merge, type LogLine } from './runLog';

const POLL_MS = 3_000;

export interface Run {
  lines: readonly LogLine[];
  state: StreamState;
}

/**
 * The live side of a plan: the stream fills the log, and each plan or step event makes the plan itself be read again, which
 * stays the one truth for statuses. While the stream cannot be had, the plan is polled.
 */
export function useRun(planId: string): Run {
  const queryClient = useQueryClient();
  const [lines, setLines] = useState<readonly LogLine[]>([]);
  const [state, setState] = useState<StreamState>('connecting');
  const over = useRef(false);

  useEffect(() => {
    setLines([]);
    over.current = false;
    const key = ['plan', planId, 'newest'];
    let pending: StreamEvent[] = [];
    let frame: number | undefined;
    // A playbook over many hosts reports in bursts; the page is drawn once per burst.
    const flush = () => {
      frame = undefined;
      const events = pending;
      pending = [];
      setLines((before) => merge(before, events));
      if (events.some((event) => event.kind !== 'task'))
        void queryClient.invalidateQueries({ queryKey: key });
      if (events.some((event) => event.kind === 'plan'))
        void queryClient.invalidateQueries({ queryKey: ['plans'] });
    };
    const stream = new PlanStream({
      planId,
      onState: (next) => {
        setState(next);
        if (next === 'ended') void queryClient.invalidateQueries({ queryKey: key });
      },
      onEvents: (events) => {
        pending.push(...events);
        // A plan that was resumed has ended before, and is not over: its last word counts.
        const last = events.filter((event) => event.kind === 'plan' && event.status).at(-1);
        if (last) over.current = isTerminal(last.status ?? undefined);
        frame ??= window.setTimeout(flush, 40);
      },
      isOver: async () => {
        if (over.current) return true;
        const plan = await api.plan(planId);
        queryClient.setQueryData(key, plan);
        return isTerminal(plan.status);
      },
    });
    stream.start();
    return () => {
      stream.stop();
      window.clearTimeout(frame);
    };
  }, [planId, queryClient]);

  useEffect(() => {
    if (state !== 'polling') return;
    const seen = new Map<number, number>();
    const poll = async () => {
      const plan = await api.plan(planId);
      queryClient.setQueryData(['plan', planId, 'newest'], plan);
      const started = plan.steps.filter((step) => step.status !== 'pending' && step.status !== 'skipped');
      for (const { number } of started) {
        const { items } = await api.stepLog(planId, number, seen.get(number) ?? 0);
        seen.set(number, items.at(-1)?.seq ?? seen.get(number) ?? 0);
        setLines((before) => merge(before, items));
      }
    };
    // The next try is the answer to a failed one; the page says all the while that it is polling.
    const tick = () => void poll().catch(() => undefined);
    tick();
    const timer = window.setInterval(tick, POLL_MS);
    return () => window.clearInterval(timer);
  }, [state, planId, queryClient]);

  return { lines, state };
}

/** After the end the audit record is committed a moment later; ask again until the commit is there. */
export function useAuditCommit(plan: Plan): void {
  const queryClient = useQueryClient();
  const missing = isTerminal(plan.status) && plan.startedAt != null && !plan.auditCommit;
  useEffect(() => {
    if (!missing) return;
    let tries = 0;
    const timer = window.setInterval(() => {
      tries += 1;
      void queryClient.invalidateQueries({ queryKey: ['plan', plan.id, 'newest'] });
      if (tries >= 30) window.clearInterval(timer);
    }, 1_500);
    return () => window.clearInterval(timer);
  }, [missing, plan.id, queryClient]);
}
