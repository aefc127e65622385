import { useState } from 'react';
import * as Tabs from '@radix-ui/react-tabs';
import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { api } from '@/api/api';
import { isTerminal } from '@/api/queries';
import type { StreamState } from '@/api/planStream';
import type { Plan } from '@/api/types';
import { useRole } from '@/features/auth/useSession';
import { tabClass } from '@/features/plans/ChangeDialog';
import { PlanHeader } from '@/features/plans/PlanHeader';
import { Reason } from '@/features/plans/Reason';
import { StepColumn } from '@/features/plans/StepColumn';
import { StepDetail } from '@/features/plans/StepDetail';
import { stepOver } from '@/features/plans/status';
import { usePlanAction } from '@/features/plans/usePlanAction';
import { messages } from '@/messages';
import { Button, buttonClass } from '@/ui/Button';
import { Mark } from '@/ui/Mark';
import { Problem } from '@/ui/Problem';
import { Elapsed } from '@/ui/Time';
import { cx } from '@/ui/cx';
import { CancelDialog } from './CancelDialog';
import { Recap } from './Recap';
import { RunLog } from './RunLog';
import { RunSummary } from './RunSummary';
import { useAuditCommit, useRun } from './useRun';

function Connection({ state }: { state: StreamState }) {
  if (state === 'ended') return null;
  const good = state === 'live';
  const lost = state === 'reconnecting' || state === 'polling';
  return (
    <span role="status" className={cx('inline-flex items-center gap-1.5', lost ? 'text-warn' : 'text-ink-3')}>
      <span className={cx(good && 'text-ok', state === 'connecting' && 'pulse-soft')}>
        <Mark tone={good ? 'run' : lost ? 'warn' : 'idle'} />
      </span>
      {messages.run.stream[state]}
    </span>
  );
}

/** What a screen reader hears of the run: each step as it changes, not every line of the log. */
function Announcer({ plan }: { plan: Plan }) {
  const current = [...plan.steps].reverse().find((step) => step.status !== 'pending');
  return (
    <p className="sr-only" role="status" aria-live="polite">
      {current &&
        messages.run.announce(
          current.number,
          current.name,
          messages.plans.stepStatus[current.status] ?? current.status,
        )}
      {isTerminal(plan.status) && ` ${messages.plans.status[plan.status]}`}
    </p>
  );
}

function RunFooter({ plan, action }: { plan: Plan; action: ReturnType<typeof usePlanAction> }) {
  const [cancelling, setCancelling] = useState(false);
  const operator = useRole('operator');
  const navigate = useNavigate();
  const rollback = useMutation({
    mutationFn: () => api.rollback(plan.id),
    onSuccess: (undo) => void navigate({ to: '/plans/$id', params: { id: undo.id }, search: {} }),
  });
  const over = isTerminal(plan.status);
  const paused = plan.status === 'paused';
  return (
    <footer className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line bg-surface px-4 py-3 pb-[max(12px,env(safe-area-inset-bottom))] sm:px-8">
      <p className="min-w-0 flex-1 basis-[220px] text-sm text-ink-2">
        {over ? null : operator ? messages.run.actions.footRunning : messages.run.actions.viewer}
        {over && plan.rolledBackBy && (
          <>
            {messages.plans.approval.undoneBy}{' '}
            <Link
              to="/plans/$id"
              params={{ id: plan.rolledBackBy }}
              search={{}}
              className="text-accent underline underline-offset-2"
            >
              {messages.plans.approval.thatPlan}
            </Link>
          </>
        )}
      </p>
      {rollback.error ? <Problem error={rollback.error} /> : null}
      <div className="flex flex-wrap gap-2 max-sm:w-full max-sm:[&>*]:flex-1">
        {over ? (
          <>
            {operator && (plan.status === 'failed' || plan.status === 'interrupted') && (
              <Button busy={action.isPending} onClick={() => action.mutate({ kind: 'resume' })}>
                {messages.run.actions.retry}
              </Button>
            )}
            {operator && plan.steps.some((step) => step.status === 'completed') && !plan.rollbackOf && (
              <Button busy={rollback.isPending} onClick={() => rollback.mutate()}>
                {messages.run.actions.rollback}
              </Button>
            )}
            <Link to="/" search={{ ask: plan.text }} className={buttonClass()}>
              {messages.run.summary.again}
            </Link>
            <Link to="/audit" search={{ plan: plan.id }} className={buttonClass('go')}>
              {messages.run.summary.trail}
            </Link>
          </>
        ) : (
          operator && (
            <>
              <Button look="danger" onClick={() => setCancelling(true)}>
                {messages.run.actions.cancel}
              </Button>
              {paused ? (
                <Button look="go" busy={action.isPending} onClick={() => action.mutate({ kind: 'resume' })}>
                  {messages.run.actions.resume}
                </Button>
              ) : (
                <Button busy={action.isPending} onClick={() => action.mutate({ kind: 'pause' })}>
                  {messages.run.actions.pause}
                </Button>
              )}
            </>
          )
        )}
      </div>
      <CancelDialog open={cancelling} onClose={() => setCancelling(false)} action={action} />
    </footer>
  );
}

export function RunView({ plan }: { plan: Plan }) {
  const run = useRun(plan.id);
  useAuditCommit(plan);
  const action = usePlanAction(plan);
  const [selected, setSelected] = useState<number>();
  const [tab, setTab] = useState('log');
  const over = isTerminal(plan.status);
  const running =
    plan.steps.find((step) => step.status === 'running') ?? plan.steps.find((step) => !stepOver(step.status));
  const step = plan.steps.find((each) => each.number === selected) ?? running ?? plan.steps.at(-1);
  const done = plan.steps.filter((each) => each.status === 'completed').length;
  return (
    <div className="grid h-full grid-rows-[minmax(0,1fr)_auto]">
      <div className="overflow-auto md:grid md:min-h-0 md:grid-rows-[auto_minmax(0,1fr)] md:overflow-hidden">
        <PlanHeader plan={plan}>
          <span>{messages.run.progress(done, plan.steps.length)}</span>
          {plan.hosts && plan.hosts.length > 0 && <span>{messages.plans.hosts(plan.hosts)}</span>}
          {plan.startedAt && (
            <span>
              {plan.finishedAt ? messages.plans.took : messages.plans.runsFor}{' '}
              <b>
                <Elapsed from={plan.startedAt} to={plan.finishedAt} />
              </b>
            </span>
          )}
          {plan.approvedBy && <span>{messages.run.approvedBy(plan.approvedBy)}</span>}
          {!over && <Connection state={run.state} />}
        </PlanHeader>
        <div className="md:grid md:min-h-0 md:grid-cols-[minmax(300px,360px)_minmax(0,1fr)]">
          <StepColumn
            live
            plan={plan}
            selected={selected}
            onSelect={(number) => setSelected(number === selected ? undefined : number)}
          />
          <div className="grid min-h-0 grid-rows-[auto_minmax(0,1fr)]">
            <div className="md:max-h-[42dvh] md:overflow-auto">
              {over && <RunSummary plan={plan} />}
              {!over && plan.statusReason && (
                <p className="border-b border-line px-4 py-3 text-sm sm:px-8">
                  <span className="border-l-2 border-wait pl-3">
                    <Reason text={plan.statusReason} />
                  </span>
                </p>
              )}
              {action.error && (
                <div className="px-4 py-3 sm:px-8">
                  <Problem error={action.error} />
                </div>
              )}
            </div>
            <Tabs.Root
              value={tab}
              onValueChange={setTab}
              className="grid min-h-0 grid-rows-[auto_minmax(0,1fr)]"
            >
              <Tabs.List
                className="flex gap-5 border-b border-line px-4 pt-2.5 sm:px-8"
                aria-label={messages.run.log.label}
              >
                <Tabs.Trigger value="log" className={tabClass}>
                  {messages.run.detailTabs.log}
                </Tabs.Trigger>
                <Tabs.Trigger value="step" className={tabClass}>
                  {messages.run.detailTabs.step(step?.number)}
                </Tabs.Trigger>
              </Tabs.List>
              <Tabs.Content value="log" className="grid min-h-0 data-[state=inactive]:hidden" tabIndex={-1}>
                <RunLog
                  lines={run.lines}
                  step={selected}
                  stepName={step?.name}
                  onAllSteps={() => setSelected(undefined)}
                  over={over && run.state === 'ended'}
                />
              </Tabs.Content>
              <Tabs.Content
                value="step"
                className="overflow-auto px-4 py-5 data-[state=inactive]:hidden sm:px-8"
                tabIndex={-1}
              >
                {step && (
                  <div className="grid gap-6">
                    <Recap step={step} />
                    <StepDetail step={step} />
                  </div>
                )}
              </Tabs.Content>
            </Tabs.Root>
          </div>
        </div>
      </div>
      <RunFooter plan={plan} action={action} />
      <Announcer plan={plan} />
    </div>
  );
}
