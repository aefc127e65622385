import type { ReactNode } from 'react';
import { cx } from './cx';
import { Mark, type Tone } from './Mark';

const tones: Record<Tone, string> = {
  ok: 'bg-ok-soft text-ok',
  change: 'bg-warn-soft text-warn',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
  wait: 'bg-wait-soft text-wait',
  run: 'bg-accent-soft text-accent',
  idle: 'bg-sunken text-ink-2',
};

export const toneText: Record<Tone, string> = {
  ok: 'text-ok',
  change: 'text-warn',
  warn: 'text-warn',
  bad: 'text-bad',
  wait: 'text-wait',
  run: 'text-accent',
  idle: 'text-ink-3',
};

export function Pill({ tone, children, mark = false }: { tone: Tone; children: ReactNode; mark?: boolean }) {
  return (
    <span
      className={cx(
        'inline-flex items-center gap-1.5 rounded-full px-2 py-0.5 text-xs font-[560] whitespace-nowrap',
        tones[tone],
      )}
    >
      {mark && <Mark tone={tone} />}
      {children}
    </span>
  );
}

/** State as a shape and a word, without the pill's ground: for dense tables. */
export function State({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <span className={toneText[tone]}>
        <Mark tone={tone} />
      </span>
      {children}
    </span>
  );
}
