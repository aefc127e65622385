import { cx } from './cx';

export type Tone = 'ok' | 'change' | 'warn' | 'bad' | 'wait' | 'run' | 'idle';

const shapes: Record<Tone, React.ReactNode> = {
  ok: <path d="M2 6.5 4.8 9 10 3.2" />,
  change: <path d="M6 1.8 10.2 6 6 10.2 1.8 6Z" fill="currentColor" />,
  warn: <path d="M6 1.6 11 10.4H1ZM6 5v2.2" />,
  bad: <path d="M2.5 2.5l7 7M9.5 2.5l-7 7" />,
  wait: <path d="M3.8 2v8M8.2 2v8" />,
  run: <path d="M3.4 2v8L10 6Z" fill="currentColor" />,
  idle: <circle cx="6" cy="6" r="3.6" />,
};

/** One shape per state, so that colour never speaks alone. The word stands beside it. */
export function Mark({ tone, className }: { tone: Tone; className?: string }) {
  return (
    <svg
      width="10"
      height="10"
      viewBox="0 0 12 12"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden
      className={cx('shrink-0', className)}
    >
      {shapes[tone]}
    </svg>
  );
}

export function Logo() {
  return (
    <svg
      width="24"
      height="18"
      viewBox="0 0 24 18"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      aria-hidden
    >
      <path d="M2 15 12 4l10 11" />
      <path d="M7 16l5-5 5 5" opacity=".45" />
    </svg>
  );
}
