import { memo } from 'react';
import { messages } from '@/messages';
import { cx } from '@/ui/cx';
import { absolute, clock, duration } from '@/ui/format';
import { Mark, type Tone } from '@/ui/Mark';
import { toneText } from '@/ui/Pill';
import { Reason } from '@/features/plans/Reason';
import { DiffView } from './DiffView';
import { readDiff, type LogLine } from './runLog';

const outcomeTone: Record<string, Tone> = {
  ok: 'ok',
  changed: 'change',
  failed: 'bad',
  unreachable: 'bad',
  skipped: 'idle',
  started: 'run',
};

const statusTone: Record<string, Tone> = {
  completed: 'ok',
  failed: 'bad',
  interrupted: 'bad',
  refused: 'bad',
  running: 'run',
  dispatched: 'run',
};

function StateLine({ line }: { line: LogLine }) {
  const status = line.status ?? '';
  const words =
    line.stepNumber === undefined
      ? (messages.plans.status[status as keyof typeof messages.plans.status] ?? status)
      : messages.run.stepState(
          line.stepNumber,
          messages.plans.stepStatus[status as keyof typeof messages.plans.stepStatus] ?? status,
        );
  const tone = statusTone[status] ?? 'idle';
  // An approved plan with a reason is waiting, and the reason says so itself.
  const waiting = status === 'approved' && line.reason !== undefined;
  return (
    <li className="grid grid-cols-[64px_1fr] items-baseline gap-x-3 border-b border-line bg-sunken px-4 py-1.5 text-sm sm:px-8">
      <time dateTime={line.at} title={absolute(line.at)} className="num font-mono text-xs text-ink-3">
        {clock(line.at)}
      </time>
      <span className="break-words">
        {!waiting && <span className={cx('font-[560]', toneText[tone])}>{words}</span>}
        {line.reason && (
          <span className="text-ink-2">
            {waiting ? '' : ': '}
            <Reason text={line.reason} />
          </span>
        )}
      </span>
    </li>
  );
}

export const LogRow = memo(function LogRow({ line, oneHost }: { line: LogLine; oneHost: boolean }) {
  const { task } = line;
  if (!task) return <StateLine line={line} />;
  const bad = (task.outcome === 'failed' || task.outcome === 'unreachable') && !task.ignored;
  const tone = task.ignored ? 'warn' : (outcomeTone[task.outcome] ?? 'idle');
  const hasDiff = readDiff(task.diff).length > 0;
  const message = task.message?.trim() ?? '';
  const more = hasDiff || (message !== '' && !bad);
  const head = (
    <span className="grid w-full grid-cols-[64px_1fr_auto] items-baseline gap-x-3 sm:grid-cols-[64px_1fr_96px_64px]">
      <time dateTime={line.at} title={absolute(line.at)} className="num font-mono text-xs text-ink-3">
        {clock(line.at)}
      </time>
      <span className={cx('min-w-0 break-words', task.outcome === 'skipped' && 'text-ink-3')}>
        {!oneHost && <span className="mr-2 font-mono text-xs text-ink-2">{task.host}</span>}
        {task.task}
        {hasDiff && (
          <span className="ml-2 text-ink-3 underline decoration-line-strong underline-offset-2">
            {messages.run.log.diff}
          </span>
        )}
        {task.ignored && <span className="ml-2 text-ink-3">{messages.run.log.ignored}</span>}
      </span>
      <span className={cx('inline-flex items-center gap-1.5 whitespace-nowrap', toneText[tone])}>
        <Mark tone={tone} />
        {messages.run.outcome[task.outcome as keyof typeof messages.run.outcome] ?? task.outcome}
      </span>
      <span className="num hidden text-right text-ink-3 sm:block">
        {task.durationMillis ? duration(task.durationMillis / 1000) : ''}
      </span>
    </span>
  );
  return (
    <li
      data-outcome={task.outcome}
      className={cx(
        // Rows out of sight cost no layout, so that ten thousand of them scroll like ten.
        'border-b border-line text-sm [contain-intrinsic-size:auto_33px] [content-visibility:auto]',
        bad && 'bg-bad-soft',
      )}
    >
      {more ? (
        <details>
          <summary
            data-row
            className="flex list-none px-4 py-1.5 outline-offset-[-2px] hover:bg-surface sm:px-8 [&::-webkit-details-marker]:hidden"
          >
            {head}
          </summary>
          <div className="grid gap-2 px-4 pt-1 pb-4 sm:pr-8 sm:pl-[107px]">
            {task.action && <p className="font-mono text-xs text-ink-3">{task.action}</p>}
            {message && (
              <pre className="max-h-[320px] overflow-auto font-mono text-[12.5px] leading-[1.55] break-words whitespace-pre-wrap text-ink-2">
                {message}
              </pre>
            )}
            {hasDiff && <DiffView diff={task.diff} />}
          </div>
        </details>
      ) : (
        <div className="flex px-4 py-1.5 sm:px-8">{head}</div>
      )}
      {bad && message && (
        <pre className="max-h-[320px] overflow-auto px-4 pb-2.5 font-mono text-[12.5px] leading-[1.55] break-words whitespace-pre-wrap sm:pr-8 sm:pl-[107px]">
          {message}
        </pre>
      )}
    </li>
  );
});
