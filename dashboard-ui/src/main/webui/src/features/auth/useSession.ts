import { useSyncExternalStore } from 'react';
import { getSession, subscribeSession, type SessionState } from '@/api/session';
import type { Role, User } from '@/api/types';

export function useSession(): SessionState {
  return useSyncExternalStore(subscribeSession, getSession);
}

/** An administrator's token carries all four roles, so one look is enough. */
export function useRole(role: Role): boolean {
  const session = useSession();
  return session.status === 'signed-in' && session.user.roles.includes(role);
}

export function useUser(): User | undefined {
  const session = useSession();
  return session.status === 'signed-in' ? session.user : undefined;
}

export function useMe(): string | undefined {
  return useUser()?.name;
}
