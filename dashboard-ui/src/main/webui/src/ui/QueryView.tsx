import { useEffect, useState, type ReactNode } from 'react';
import type { UseQueryResult } from '@tanstack/react-query';
import { messages } from '@/messages';
import { asProblem } from '@/api/problem';
import { relative } from './format';
import { Mark } from './Mark';
import { Problem } from './Problem';
import { useNow } from './Time';

/** True after `millis`: what loads faster than that never flashes a skeleton. */
export function useLate(millis = 150): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setLate(true), millis);
    return () => window.clearTimeout(timer);
  }, [millis]);
  return late;
}

export function Skeleton({ rows = 6 }: { rows?: number }) {
  const late = useLate();
  return (
    <div role="status" aria-label={messages.states.loading} className="grid gap-3 py-2">
      {late &&
        Array.from({ length: rows }, (_, row) => (
          <div key={row} aria-hidden className="flex gap-4">
            <div
              className="pulse-soft h-4 rounded-1 bg-line"
              style={{ width: `${[38, 30, 44, 26, 36][row % 5]}%` }}
            />
            <div className="pulse-soft h-4 w-24 rounded-1 bg-line" />
            <div className="pulse-soft hidden h-4 w-32 rounded-1 bg-line sm:block" />
          </div>
        ))}
    </div>
  );
}

export function Empty({ title, body, children }: { title: string; body?: string; children?: ReactNode }) {
  return (
    <div className="grid justify-items-start gap-1 py-6">
      <p className="font-[600]">{title}</p>
      {body && <p className="max-w-[60ch] text-sm text-ink-2">{body}</p>}
      {children && <div className="mt-2">{children}</div>}
    </div>
  );
}

function Stale({ since }: { since: number }) {
  const now = useNow();
  return (
    <p role="status" className="mb-3 flex items-center gap-1.5 text-sm text-warn">
      <Mark tone="warn" />
      {messages.states.stale(relative(since, now))}
    </p>
  );
}

/** The five states every page has: loading, empty, error with retry, no permission, stale. */
export function QueryView<T>({
  query,
  children,
  empty,
  isEmpty,
  rows,
}: {
  query: Pick<
    UseQueryResult<T>,
    'data' | 'error' | 'isPending' | 'refetch' | 'dataUpdatedAt' | 'failureCount'
  >;
  children: (data: T) => ReactNode;
  empty?: ReactNode;
  isEmpty?: (data: T) => boolean;
  rows?: number;
}) {
  if (query.data !== undefined) {
    const stale = Boolean(query.error) || query.failureCount > 1;
    return (
      <>
        {stale && <Stale since={query.dataUpdatedAt} />}
        {isEmpty?.(query.data) ? empty : children(query.data)}
      </>
    );
  }
  if (query.error) {
    const retry = asProblem(query.error).status === 403 ? undefined : () => void query.refetch();
    return (
      <div className="py-4">
        <Problem error={query.error} onRetry={retry} />
      </div>
    );
  }
  return <Skeleton rows={rows} />;
}
