import type { ReactNode } from 'react';
import { messages } from '@/messages';
import { Logo } from '@/ui/Mark';
import { useTitle } from '@/ui/Page';

/** What stands before the app: one column, one decision. */
export function Gate({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  useTitle(title);
  return (
    <main className="grid min-h-dvh content-start justify-items-center px-5 pt-[16vh] pb-8">
      <div className="w-full max-w-[360px]">
        <div className="flex items-center gap-2 text-lg font-[650] tracking-[-0.01em]">
          <Logo />
          {messages.product}
        </div>
        <h1 className="title-1 mt-8">{title}</h1>
        <p className="mt-1 text-sm text-ink-2">{lead}</p>
        {children}
      </div>
    </main>
  );
}
