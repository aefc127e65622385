import { useSyncExternalStore } from 'react';
import { absolute, duration, relative, secondsBetween } from './format';

/** One clock for the whole page: every relative time turns over together. */
const listeners = new Set<() => void>();
let now = Date.now();
let timer: number | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  now = Date.now();
  timer ??= window.setInterval(() => {
    now = Date.now();
    listeners.forEach((each) => each());
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      window.clearInterval(timer);
      timer = undefined;
    }
  };
}

export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

export function Ago({ at }: { at?: string | null }) {
  const current = useNow();
  if (!at) return null;
  return (
    <time dateTime={at} title={absolute(at)} className="num whitespace-nowrap">
      {relative(at, current)}
    </time>
  );
}

/** How long something took, or has taken so far. */
export function Elapsed({ from, to }: { from?: string | null; to?: string | null }) {
  const current = useNow();
  const seconds = secondsBetween(from, to ?? current);
  if (seconds === undefined) return null;
  const shown = to ? seconds : Math.floor(Math.max(0, seconds));
  return (
    <span className="num whitespace-nowrap" title={from ? absolute(from) : undefined}>
      {shown === 0 ? '0 s' : duration(shown)}
    </span>
  );
}
