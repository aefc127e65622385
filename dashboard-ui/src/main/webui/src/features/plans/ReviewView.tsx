import { useCallback, useState, type ReactNode } from 'react';
import { Link } from '@tanstack/react-router';
import type { Plan } from '@/api/types';
import { useMainKey } from '@/app/useGlobalKeys';
import { useRole } from '@/features/auth/useSession';
import { messages } from '@/messages';
import { Button, buttonClass, Kbd, mainKeys } from '@/ui/Button';
import { Copyable } from '@/ui/Copyable';
import { Problem } from '@/ui/Problem';
import { cx } from '@/ui/cx';
import { ChangeDialog } from './ChangeDialog';
import { PlanHeader } from './PlanHeader';
import { Questions } from './Questions';
import { RejectDialog } from './RejectDialog';
import { StepColumn } from './StepColumn';
import { StepDetail } from './StepDetail';
import { StepPreview } from './StepPreview';
import { usePlanAction } from './usePlanAction';

/** What bears on the decision and is in no step. */
function Around({ plan }: { plan: Plan }) {
  const given = (plan.approval?.given ?? []).map((each) => each.by);
  const rule = plan.approval?.rule ? plan.approval.reason : undefined;
  const notes = plan.notes ?? [];
  if (!plan.rollbackOf && !rule && notes.length === 0 && given.length === 0) return null;
  return (
    <div className="grid gap-2 border-l-2 border-warn pl-3 text-sm">
      {plan.rollbackOf && (
        <p>
          {messages.plans.approval.undoes}{' '}
          <Link
            to="/plans/$id"
            params={{ id: plan.rollbackOf }}
            search={{}}
            className="text-accent underline underline-offset-2"
          >
            {messages.plans.approval.thatPlan}
          </Link>
          .
        </p>
      )}
      {notes.map((note) => (
        <p key={note} className="break-words">
          {note}
        </p>
      ))}
      {rule && <p className="break-words">{rule}</p>}
      {given.length > 0 && <p>{messages.plans.approval.given(given)}</p>}
    </div>
  );
}

export function ReviewView({
  plan,
  readOnly = false,
  banner,
}: {
  plan: Plan;
  readOnly?: boolean;
  banner?: ReactNode;
}) {
  const [selected, setSelected] = useState(plan.steps[0]?.number);
  const [dialog, setDialog] = useState<'reject' | 'change'>();
  const action = usePlanAction(plan);
  const approver = useRole('approver');
  const operator = useRole('operator');
  const step = plan.steps.find((each) => each.number === selected) ?? plan.steps[0];
  const approvable = !readOnly && plan.status === 'awaiting_approval' && plan.steps.length > 0;
  const open = !readOnly && (approvable || plan.status === 'needs_input');
  const { mutate, isPending } = action;
  const approve = useCallback(() => {
    if (!isPending) mutate({ kind: 'approve' });
  }, [isPending, mutate]);
  useMainKey(approvable && approver && !dialog ? approve : undefined);
  return (
    <div className="grid h-full grid-rows-[minmax(0,1fr)_auto]">
      <div className="overflow-auto md:grid md:min-h-0 md:grid-rows-[auto_auto_minmax(0,1fr)] md:overflow-hidden">
        <PlanHeader plan={plan} />
        <div>{banner}</div>
        <div className="flex flex-col md:grid md:min-h-0 md:grid-cols-[minmax(320px,400px)_minmax(0,1fr)]">
          <StepColumn plan={plan} selected={step?.number} onSelect={setSelected} />
          <div
            className={cx(
              'grid grid-cols-[minmax(0,1fr)] content-start gap-6 px-4 py-5 sm:px-8 md:order-none md:overflow-auto md:py-6',
              // On a phone the question stands before the steps it is about.
              plan.status === 'needs_input' && 'order-first max-md:border-b max-md:border-line',
            )}
          >
            {action.error && !dialog ? <Problem error={action.error} /> : null}
            {plan.rejectedReason && (
              <p className="border-l-2 border-line-strong pl-3 text-sm">
                {messages.plans.rejected(plan.rejectedReason)}
              </p>
            )}
            {plan.statusReason && plan.statusReason !== plan.rejectedReason && (
              <p className="border-l-2 border-wait pl-3 text-sm">{plan.statusReason}</p>
            )}
            {!readOnly && plan.status === 'needs_input' && (
              <Questions plan={plan} action={action} onSayAgain={() => setDialog('change')} />
            )}
            <Around plan={plan} />
            {step && (plan.status === 'awaiting_approval' || step.preview) && (
              <StepPreview key={`preview ${step.id}`} plan={plan} step={step} open={approvable} />
            )}
            {step && <StepDetail key={step.id} step={step} />}
          </div>
        </div>
      </div>
      <footer className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line bg-surface px-4 py-3 pb-[max(12px,env(safe-area-inset-bottom))] sm:px-8">
        <p className="min-w-0 flex-1 basis-[260px] text-sm text-ink-2">
          {plan.planHash && approvable && (
            <>
              <b className="font-[580] text-ink">{messages.plans.footer.lead}</b>,{' '}
              <span className="font-mono">sha256 </span>
              <Copyable text={plan.planHash} label={messages.plans.footer.hash} />.{' '}
            </>
          )}
          <span className="max-sm:hidden">
            {open && !approver
              ? messages.plans.footer.viewer
              : plan.status === 'needs_input'
                ? messages.plans.footer.needsInput
                : approvable && messages.plans.footer.rest}
          </span>
        </p>
        <div className="flex flex-wrap gap-2 max-sm:w-full">
          {open && approver && (
            <Button className="max-sm:flex-1" onClick={() => setDialog('reject')}>
              {messages.plans.actions.reject}
            </Button>
          )}
          {open && operator && (
            <Button className="max-sm:flex-1" onClick={() => setDialog('change')}>
              {messages.plans.actions.change}
            </Button>
          )}
          {approvable && approver && (
            <Button
              look="go"
              className="max-sm:min-h-12 max-sm:w-full"
              onClick={approve}
              busy={isPending && action.variables?.kind === 'approve'}
              busyText={messages.plans.actions.approving}
            >
              {messages.plans.actions.approve(plan.steps.length, plan.hosts ?? [])}
              <Kbd className="hidden sm:inline">{mainKeys}</Kbd>
            </Button>
          )}
          {!open && !readOnly && (
            <>
              <Link to="/audit" search={{ plan: plan.id }} className={buttonClass()}>
                {messages.plans.audit}
              </Link>
              <Link to="/" search={{ ask: plan.text }} className={buttonClass()}>
                {messages.plans.actions.askAgain}
              </Link>
            </>
          )}
        </div>
      </footer>
      <RejectDialog open={dialog === 'reject'} onClose={() => setDialog(undefined)} action={action} />
      <ChangeDialog
        plan={plan}
        open={dialog === 'change'}
        onClose={() => setDialog(undefined)}
        action={action}
      />
    </div>
  );
}
