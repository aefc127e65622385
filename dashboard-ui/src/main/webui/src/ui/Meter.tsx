import { cx } from './cx';

/** A thin bar with its meaning in words for those who do not see it. */
export function Meter({
  value,
  max = 1,
  label,
  tone = 'accent',
  className,
}: {
  value: number;
  max?: number;
  label: string;
  tone?: 'accent' | 'warn' | 'bad';
  className?: string;
}) {
  const share = max > 0 ? Math.min(1, Math.max(0, value / max)) : 0;
  const colour = { accent: 'bg-accent', warn: 'bg-warn', bad: 'bg-bad' }[tone];
  return (
    <div
      role="img"
      aria-label={label}
      className={cx('h-1.5 overflow-hidden rounded-[3px] bg-line', className)}
    >
      <div className={cx('h-full', colour)} style={{ width: `${share * 100}%` }} />
    </div>
  );
}

export function pressure(fraction: number): 'accent' | 'warn' | 'bad' {
  return fraction > 0.95 ? 'bad' : fraction > 0.85 ? 'warn' : 'accent';
}
