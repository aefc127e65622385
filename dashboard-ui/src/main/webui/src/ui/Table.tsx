import type { ReactNode } from 'react';
import { cx } from './cx';

export interface Column {
  label: string;
  className?: string;
  /** Hidden on a phone, where the first columns carry the row. */
  wide?: boolean;
}

/** Dense, ruled, no boxes. The caption is for screen readers; the page title says it to everybody else. */
export function Table({
  caption,
  columns,
  children,
}: {
  caption: string;
  columns: Column[];
  children: ReactNode;
}) {
  return (
    <div className="-mx-1 overflow-x-auto px-1">
      <table className="w-full border-collapse text-sm">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr className="border-b border-line text-left text-xs text-ink-3">
            {columns.map((column) => (
              <th
                key={column.label}
                scope="col"
                className={cx(
                  'py-2 pr-4 font-[560] last:pr-0',
                  column.wide && 'hidden md:table-cell',
                  column.className,
                )}
              >
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

export function Row({ children, selected }: { children: ReactNode; selected?: boolean }) {
  return (
    <tr
      className={cx(
        'border-b border-line align-top',
        selected ? 'bg-accent-soft' : 'hover:bg-surface focus-within:bg-surface',
      )}
    >
      {children}
    </tr>
  );
}

export function Cell({
  children,
  wide,
  className,
}: {
  children?: ReactNode;
  wide?: boolean;
  className?: string;
}) {
  return <td className={cx('py-2 pr-4 last:pr-0', wide && 'hidden md:table-cell', className)}>{children}</td>;
}

/** Two columns of facts: name and value. */
export function Facts({ items }: { items: { label: string; value: ReactNode }[] }) {
  const shown = items.filter((item) => item.value !== null && item.value !== undefined && item.value !== '');
  return (
    <dl className="grid grid-cols-[minmax(96px,150px)_1fr] text-sm">
      {shown.map((item) => (
        <div key={item.label} className="contents">
          <dt className="border-b border-line py-1.5 pr-3 text-ink-2">{item.label}</dt>
          <dd className="min-w-0 border-b border-line py-1.5 break-words">{item.value}</dd>
        </div>
      ))}
    </dl>
  );
}
