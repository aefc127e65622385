import { useEffect, type ReactNode } from 'react';
import { messages } from '@/messages';

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} - ${messages.product}`;
  }, [title]);
}

export function Page({
  title,
  lead,
  crumb,
  actions,
  filters,
  children,
}: {
  title: string;
  lead?: ReactNode;
  crumb?: ReactNode;
  actions?: ReactNode;
  filters?: ReactNode;
  children: ReactNode;
}) {
  useTitle(title);
  return (
    <div className="min-h-full">
      <header className="border-b border-line px-4 pt-4 pb-3 sm:px-8">
        {crumb && <div className="text-sm text-ink-3">{crumb}</div>}
        <div className="flex flex-wrap items-start justify-between gap-3">
          <div>
            <h1 className="title-1">{title}</h1>
            {lead && <p className="mt-0.5 max-w-[80ch] text-sm text-ink-2">{lead}</p>}
          </div>
          {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
        </div>
        {filters && <div className="mt-3 flex flex-wrap items-center gap-2">{filters}</div>}
      </header>
      <div className="px-4 py-4 sm:px-8">{children}</div>
    </div>
  );
}
