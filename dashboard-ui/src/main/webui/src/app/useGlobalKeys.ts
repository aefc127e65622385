import { useEffect, useRef } from 'react';
import { useNavigate } from '@tanstack/react-router';
import type { User } from '@/api/types';
import { pagesFor } from './pages';

const LEADER_MS = 1_200;

function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  );
}

/** j and k go over everything in the page marked `data-row`, in reading order. */
function moveRow(step: 1 | -1): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>('main [data-row]')].filter(
    (row) => row.offsetParent !== null,
  );
  if (rows.length === 0) return false;
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step))];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
  return true;
}

export function useGlobalKeys(user: User, openPalette: () => void, openHelp: () => void): void {
  const navigate = useNavigate();
  const leaderAt = useRef(0);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        openPalette();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
      if (document.querySelector('dialog[open]')) return;
      const fresh = Date.now() - leaderAt.current < LEADER_MS;
      leaderAt.current = 0;
      if (fresh) {
        const page = pagesFor(user).find((each) => each.key === event.key);
        if (page) {
          event.preventDefault();
          void navigate({ to: page.to });
        }
      } else if (event.key === 'g') {
        leaderAt.current = Date.now();
      } else if (event.key === 'j' || event.key === 'k') {
        if (moveRow(event.key === 'j' ? 1 : -1)) event.preventDefault();
      } else if (event.key === '?') {
        openHelp();
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [navigate, user, openPalette, openHelp]);
}

/** Ctrl/Cmd+Enter: the main action of the page, also from inside a field. */
export function useMainKey(action: (() => void) | undefined): void {
  useEffect(() => {
    if (!action) return;
    const onKey = (event: KeyboardEvent) => {
      if (
        (event.ctrlKey || event.metaKey) &&
        event.key === 'Enter' &&
        !document.querySelector('dialog[open]')
      ) {
        event.preventDefault();
        action();
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [action]);
}
