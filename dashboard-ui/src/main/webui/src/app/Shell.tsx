import { useCallback, useEffect, useRef, useState } from 'react';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import type { User } from '@/api/types';
import { messages } from '@/messages';
import { Dialog } from '@/ui/Dialog';
import { Kbd, mainKeys, paletteKeys } from '@/ui/Button';
import { Logo } from '@/ui/Mark';
import { Nav } from './Nav';
import { Palette } from './Palette';
import { useGlobalKeys } from './useGlobalKeys';

export function Shell({ user }: { user: User }) {
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  const [menu, setMenu] = useState(false);
  const openPalette = useCallback(() => setPalette(true), []);
  const openHelp = useCallback(() => setHelp(true), []);
  useGlobalKeys(user, openPalette, openHelp);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    setMenu(false);
    main.current?.scrollTo(0, 0);
  }, [path]);
  return (
    <div className="grid h-dvh grid-rows-[auto_1fr] md:grid-cols-[208px_minmax(0,1fr)] md:grid-rows-1">
      <a
        href="#content"
        className="sr-only z-20 rounded-1 bg-surface px-3 py-2 focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
      >
        {messages.skip}
      </a>
      <header className="flex items-center justify-between border-b border-line bg-sunken px-4 py-1.5 md:hidden">
        <Link to="/" className="flex items-center gap-2 py-1 text-lg font-[650] tracking-[-0.01em]">
          <Logo />
          {messages.product}
        </Link>
        <button
          type="button"
          onClick={() => setMenu(!menu)}
          aria-expanded={menu}
          className="-mr-2 min-h-11 rounded-1 px-3 text-sm font-[560]"
        >
          {menu ? messages.nav.close : messages.nav.open}
        </button>
      </header>
      <Nav user={user} openPalette={openPalette} open={menu} />
      <main ref={main} id="content" tabIndex={-1} className="min-h-0 min-w-0 overflow-auto outline-none">
        <Outlet />
      </main>
      <Palette open={palette} onClose={() => setPalette(false)} />
      <Dialog open={help} onClose={() => setHelp(false)} title={messages.shortcuts.title}>
        <dl className="grid grid-cols-[110px_1fr] gap-y-3 text-sm">
          {[
            [paletteKeys, messages.shortcuts.palette],
            ['g …', messages.shortcuts.goto],
            ['j k', messages.shortcuts.list],
            [mainKeys, messages.shortcuts.main],
            ['?', messages.shortcuts.help],
          ].map(([keys, what]) => (
            <div key={keys} className="contents">
              <dt>
                <Kbd>{keys}</Kbd>
              </dt>
              <dd className="text-ink-2">{what}</dd>
            </div>
          ))}
        </dl>
      </Dialog>
    </div>
  );
}
