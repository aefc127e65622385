import type { ButtonHTMLAttributes } from 'react';
import { cx } from './cx';

type Look = 'go' | 'plain' | 'quiet' | 'danger';

const looks: Record<Look, string> = {
  go: 'border-accent bg-accent text-accent-ink hover:not-disabled:brightness-110',
  plain: 'border-line-strong bg-surface text-ink hover:not-disabled:bg-sunken',
  quiet:
    'border-transparent bg-transparent text-ink-2 hover:not-disabled:bg-sunken hover:not-disabled:text-ink',
  danger: 'border-bad bg-surface text-bad hover:not-disabled:bg-bad-soft',
};

export function buttonClass(look: Look = 'plain', small = false): string {
  return cx(
    'inline-flex items-center justify-center gap-2 rounded-1 border font-[560] leading-none whitespace-nowrap no-underline disabled:opacity-55 disabled:cursor-default',
    small ? 'px-2.5 py-1.5 text-sm min-h-7' : 'px-4 py-2.5 text-md min-h-10',
    looks[look],
  );
}

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: Look;
  small?: boolean;
  /** While true the button says what is happening and takes no second click. */
  busy?: boolean;
  busyText?: string;
}

export function Button({ look, small, busy, busyText, className, children, disabled, type, ...rest }: Props) {
  return (
    <button
      type={type ?? 'button'}
      className={cx(buttonClass(look, small), className)}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      {...rest}
    >
      {busy && busyText ? `${busyText}…` : children}
    </button>
  );
}

export function Kbd({ children, className }: { children: React.ReactNode; className?: string }) {
  return (
    <kbd
      aria-hidden
      className={cx('rounded-[4px] border border-current px-1 font-mono text-[11px] leading-4', className)}
    >
      {children}
    </kbd>
  );
}

export const mainKeys = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘⏎' : 'Ctrl ⏎';
export const paletteKeys = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘K' : 'Ctrl K';
