import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { queries, waitingStatuses } from '@/api/queries';
import { signOut } from '@/api/session';
import type { User } from '@/api/types';
import { messages } from '@/messages';
import { applyTheme, readTheme, type Theme } from '@/theme/theme';
import { Kbd, paletteKeys } from '@/ui/Button';
import { Logo } from '@/ui/Mark';
import { cx } from '@/ui/cx';
import { FleetStrip } from './FleetStrip';
import { pagesFor, type PageEntry } from './pages';

const themes: Theme[] = ['system', 'light', 'dark'];

function ThemeChoice() {
  const [theme, setTheme] = useState(readTheme);
  return (
    <label className="flex items-center justify-between gap-2">
      {messages.nav.theme}
      <select
        className="max-w-24 rounded-[4px] border border-line bg-transparent py-0.5 text-xs text-ink"
        value={theme}
        onChange={(event) => {
          const next = event.target.value as Theme;
          applyTheme(next);
          setTheme(next);
        }}
      >
        {themes.map((each) => (
          <option key={each} value={each}>
            {messages.nav.themes[each]}
          </option>
        ))}
      </select>
    </label>
  );
}

function NavLink({ page, waiting }: { page: PageEntry; waiting: number }) {
  return (
    <Link
      to={page.to}
      activeOptions={{ exact: page.to === '/', includeSearch: false }}
      className="flex items-center justify-between rounded-1 px-2 py-2 text-sm text-ink-2 hover:text-ink md:py-1.5"
      activeProps={{ className: 'bg-surface !text-ink font-[560] shadow-[0_0_0_1px_var(--line)]' }}
    >
      {page.label}
      {page.to === '/requests' && waiting > 0 && (
        <b className="font-[600] text-wait">{messages.nav.waiting(waiting)}</b>
      )}
    </Link>
  );
}

export function Nav({ user, openPalette, open }: { user: User; openPalette: () => void; open: boolean }) {
  const plans = useQuery(queries.recentPlans());
  const waiting = plans.data?.items.filter((plan) => waitingStatuses.has(plan.status)).length ?? 0;
  const groups = [undefined, messages.nav.fleet, messages.nav.evidence, messages.nav.access];
  return (
    <nav
      aria-label={messages.nav.label}
      className={cx(
        'z-10 min-h-0 flex-col gap-0.5 overflow-auto bg-sunken p-3 md:static md:flex md:border-r md:border-line md:px-3 md:py-4',
        open ? 'absolute inset-x-0 top-14 bottom-0 flex border-t border-line' : 'hidden',
      )}
    >
      <Link
        to="/"
        className="hidden items-center gap-2 px-2 pb-4 text-lg font-[650] tracking-[-0.01em] md:flex"
      >
        <Logo />
        {messages.product}
      </Link>
      <button
        type="button"
        onClick={openPalette}
        className="mb-2 flex items-center justify-between rounded-1 border border-line bg-bg px-2 py-1.5 text-sm text-ink-3 hover:text-ink"
      >
        {messages.nav.search}
        <Kbd>{paletteKeys}</Kbd>
      </button>
      {groups.map((group) => (
        <div key={group ?? 'top'} className="grid gap-0.5">
          {group && <h2 className="mx-2 mt-4 mb-1 text-xs font-[560] text-ink-3">{group}</h2>}
          {pagesFor(user)
            .filter((page) => page.group === group)
            .map((page) => (
              <NavLink key={page.to} page={page} waiting={waiting} />
            ))}
        </div>
      ))}
      <div className="mt-auto grid gap-3 pt-6 text-xs text-ink-2">
        <FleetStrip />
        <div className="grid gap-1.5 border-t border-line px-2 pt-3">
          <ThemeChoice />
          <div className="flex items-center justify-between gap-2">
            <Link
              to="/account"
              className="truncate rounded-[4px] hover:text-ink hover:underline hover:underline-offset-2"
              title={messages.nav.signedInAs(user.name, user.team)}
            >
              {user.name}
            </Link>
            <button
              type="button"
              className="rounded-[4px] text-ink-2 underline underline-offset-2 hover:text-ink"
              onClick={() => void signOut()}
            >
              {messages.nav.signOut}
            </button>
          </div>
        </div>
      </div>
    </nav>
  );
}
