import type { ReactNode } from 'react';
import type { Plan, Step } from '@/api/types';
import { messages } from '@/messages';
import { cx } from '@/ui/cx';
import { duration } from '@/ui/format';
import { Mark } from '@/ui/Mark';
import { toneText } from '@/ui/Pill';
import { Elapsed } from '@/ui/Time';
import { RiskPill } from './PlanPill';
import { railBelow } from './rail';
import { stepTone } from './status';

function Facts({ step, live }: { step: Step; live: boolean }) {
  const after = step.dependsOn ?? [];
  if (!live) {
    return (
      <>
        {step.risk && <RiskPill risk={step.risk} />}
        <span>
          {[
            step.hosts && step.hosts.length > 0 ? messages.plans.hostsShort(step.hosts) : '',
            messages.plans.after(after),
          ]
            .filter(Boolean)
            .join(', ')}
        </span>
        {step.estimatedSeconds ? (
          <span className="num text-ink-3">~{duration(step.estimatedSeconds)}</span>
        ) : null}
      </>
    );
  }
  const tone = stepTone[step.status] ?? 'idle';
  return (
    <>
      <span className={cx('font-[560]', tone === 'idle' ? 'text-ink-2' : toneText[tone])}>
        {messages.plans.stepStatus[step.status] ?? step.status}
      </span>
      {step.startedAt && (
        <span className="text-ink-3">
          <Elapsed from={step.startedAt} to={step.finishedAt} />
        </span>
      )}
      {step.status === 'pending' && after.length > 0 && <span>{messages.plans.after(after)}</span>}
      {step.statusReason && <span className="basis-full break-words text-ink-2">{step.statusReason}</span>}
    </>
  );
}

/** The steps in order, with a rail that is drawn only where one step really waits for another; see {@link railBelow}. */
export function StepColumn({
  plan,
  selected,
  onSelect,
  live = false,
  footer,
}: {
  plan: Plan;
  selected: number | undefined;
  onSelect: (step: number) => void;
  live?: boolean;
  footer?: ReactNode;
}) {
  return (
    <section
      aria-label={messages.plans.stepsLabel}
      className="border-b border-line px-4 py-4 sm:px-8 md:overflow-auto md:border-r md:border-b-0 md:py-6 md:pr-4 md:pl-8"
    >
      {plan.steps.length === 0 && <p className="text-sm text-ink-2">{messages.plans.noSteps}</p>}
      <ol>
        {plan.steps.map((step, index) => {
          const rail = railBelow(plan.steps, index);
          const on = step.number === selected;
          const tone = stepTone[step.status] ?? 'idle';
          return (
            <li key={step.id} className="relative pb-5 pl-[34px] last:pb-0">
              {rail && (
                <span
                  aria-hidden
                  className={cx(
                    'absolute top-[34px] -bottom-[12px] left-[10.5px] border-l-[1.5px] border-line-strong',
                    rail === 'passing' && 'border-dashed',
                  )}
                />
              )}
              <span
                aria-hidden
                className={cx(
                  'absolute top-3 left-0 z-[1] grid size-[22px] place-items-center rounded-full border-[1.5px] bg-surface text-xs font-[600]',
                  live && tone !== 'idle' ? cx('border-current', toneText[tone]) : 'border-line-strong',
                  live && step.status === 'running' && 'pulse-soft',
                )}
              >
                {live && tone !== 'idle' ? <Mark tone={tone} /> : step.number}
              </span>
              <button
                type="button"
                data-row
                aria-pressed={on}
                onClick={() => onSelect(step.number)}
                onFocus={(event) => {
                  if (event.currentTarget.matches(':focus-visible')) onSelect(step.number);
                }}
                className={cx(
                  'block w-full rounded-2 border bg-surface px-4 py-3 text-left',
                  on
                    ? 'border-accent shadow-[0_0_0_3px_var(--accent-soft)]'
                    : 'border-line hover:border-line-strong',
                )}
              >
                <span className="sr-only">{`${step.number}. `}</span>
                <span className="block font-[580] break-words">{step.name}</span>
                <span className="block font-mono text-sm break-all text-ink-2">
                  {step.playbook ?? messages.plans.noPlaybook}
                </span>
                <span className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-ink-2">
                  <Facts step={step} live={live} />
                </span>
              </button>
            </li>
          );
        })}
      </ol>
      {footer}
    </section>
  );
}
