import { Link } from '@tanstack/react-router';
import type { Plan, Step, Suggestion } from '@/api/types';
import { Notices } from '@/features/plans/StepDetail';
import { messages } from '@/messages';
import { Copyable } from '@/ui/Copyable';
import { cx } from '@/ui/cx';
import { Mark, type Tone } from '@/ui/Mark';
import { toneText } from '@/ui/Pill';

function changedCount(steps: Step[]): number {
  return steps
    .flatMap((step) => Object.values(step.recap ?? {}))
    .reduce((sum, recap) => sum + (recap.changed ?? 0), 0);
}

function headline(plan: Plan): { tone: Tone; what: string; means?: string } {
  const { summary } = messages.run;
  const hosts = plan.hosts ?? [];
  switch (plan.status) {
    case 'completed':
      return {
        tone: 'ok',
        what: summary.completed(plan.steps.length, changedCount(plan.steps), hosts),
      };
    case 'failed': {
      const failed = plan.steps.find((step) => step.status === 'failed' || step.status === 'refused');
      return {
        tone: 'bad',
        what: failed ? summary.failed(failed.number, failed.name) : summary.failedPlain,
        means: plan.steps.length > 1 ? summary.failedMeans : undefined,
      };
    }
    case 'interrupted':
      return { tone: 'bad', what: summary.interrupted, means: summary.interruptedMeans };
    default:
      return { tone: 'idle', what: summary.cancelled, means: summary.cancelledMeans };
  }
}

function Suggestions({ suggestions }: { suggestions: Suggestion[] }) {
  return (
    <ul className="grid gap-2">
      {suggestions.map((each, index) => (
        <li key={index} className="text-sm">
          <span className="font-[560]">{each.category.replaceAll('_', ' ')}</span>
          <span className="text-ink-3">, {each.severity}: </span>
          <span className="break-words">{each.message}</span>
          <span className="block font-mono text-xs break-all text-ink-3">
            {[each.path ? `${each.path}${each.line ? `:${each.line}` : ''}` : '', each.rule]
              .filter(Boolean)
              .join('  ')}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** What a finished run leaves: the result in a sentence, what it wants known, what would make it better, and the proof. */
export function RunSummary({ plan }: { plan: Plan }) {
  const { tone, what, means } = headline(plan);
  const noticed = plan.steps.filter((step) => (step.notices ?? []).length > 0);
  const suggested = plan.steps.flatMap((step) => step.suggestions ?? []);
  const noticeCount = noticed.reduce((sum, step) => sum + (step.notices?.length ?? 0), 0);
  return (
    <section
      aria-label={messages.plans.status[plan.status]}
      className="grid gap-4 border-b border-line px-4 py-4 sm:px-8"
    >
      <div>
        <p
          className={cx(
            'flex items-baseline gap-2 text-lg font-[600] tracking-[-0.01em]',
            tone !== 'idle' && toneText[tone],
          )}
        >
          <Mark tone={tone} />
          {what}
        </p>
        {plan.statusReason && <p className="mt-1 max-w-[80ch] text-sm break-words">{plan.statusReason}</p>}
        {means && <p className="mt-1 max-w-[80ch] text-sm text-ink-2">{means}</p>}
        <p className="mt-2 flex flex-wrap items-baseline gap-x-5 gap-y-1 text-sm text-ink-2">
          {plan.auditCommit ? (
            <span>
              {messages.run.summary.commit}{' '}
              <Copyable text={plan.auditCommit} label={messages.run.summary.commit} />
            </span>
          ) : (
            plan.startedAt && <span className="text-ink-3">{messages.run.summary.commitPending}</span>
          )}
          <Link to="/audit" search={{ plan: plan.id }} className="text-accent underline underline-offset-2">
            {messages.run.summary.trail}
          </Link>
        </p>
      </div>
      {noticed.length > 0 && (
        <div>
          <h2 className="title-2 mb-2 flex items-center gap-2 text-warn">
            <Mark tone="warn" />
            {messages.run.summary.notices(noticeCount)}
          </h2>
          {noticed.map((step) => (
            <Notices key={step.id} step={step} />
          ))}
        </div>
      )}
      {suggested.length > 0 && (
        <details open={plan.status === 'failed'}>
          <summary className="title-2">
            {messages.run.summary.suggestions}{' '}
            <span className="num font-[400] text-ink-3">{suggested.length}</span>
          </summary>
          <div className="mt-2">
            <Suggestions suggestions={suggested} />
          </div>
        </details>
      )}
    </section>
  );
}
