import type { Role, User } from '@/api/types';
import { messages } from '@/messages';

export type PagePath =
  | '/'
  | '/requests'
  | '/playbooks'
  | '/agents'
  | '/nodes'
  | '/locks'
  | '/events'
  | '/audit'
  | '/account'
  | '/tokens'
  | '/people';

export interface PageEntry {
  to: PagePath;
  label: string;
  /** `g` then this letter. */
  key: string;
  group?: string;
  /** Only for whoever has this role. */
  role?: Role;
}

/** Only pages with a working backend stand here; the navigation, the palette and the `g` keys all read it. */
export const pages: PageEntry[] = [
  { to: '/', label: messages.nav.home, key: 'h' },
  { to: '/requests', label: messages.nav.requests, key: 'r' },
  { to: '/playbooks', label: messages.nav.playbooks, key: 'p' },
  { to: '/agents', label: messages.nav.agents, key: 'a', group: messages.nav.fleet },
  { to: '/nodes', label: messages.nav.nodes, key: 'n', group: messages.nav.fleet },
  { to: '/locks', label: messages.nav.locks, key: 'l', group: messages.nav.fleet },
  { to: '/events', label: messages.nav.events, key: 'e', group: messages.nav.fleet },
  { to: '/audit', label: messages.nav.audit, key: 'u', group: messages.nav.evidence },
  { to: '/account', label: messages.nav.account, key: 'c', group: messages.nav.access },
  { to: '/tokens', label: messages.nav.tokens, key: 't', group: messages.nav.access },
  { to: '/people', label: messages.nav.people, key: 'o', group: messages.nav.access, role: 'admin' },
];

export function pagesFor(user: User | undefined): PageEntry[] {
  return pages.filter((page) => !page.role || user?.roles.includes(page.role));
}
