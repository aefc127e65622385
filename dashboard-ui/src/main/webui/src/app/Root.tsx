import { useEffect, useState } from 'react';
import { useRouterState } from '@tanstack/react-router';
import { refresh } from '@/api/session';
import { useSession } from '@/features/auth/useSession';
import { SetupScreen } from '@/features/auth/SetupScreen';
import { SignInScreen } from '@/features/auth/SignInScreen';
import { Problem } from '@/ui/Problem';
import { Skeleton } from '@/ui/QueryView';
import { Shell } from './Shell';

/** Signed out, any address shows the sign-in and keeps the address: signing in goes on where one was. */
export function Root() {
  const session = useSession();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const [error, setError] = useState<unknown>();
  const unknown = session.status === 'unknown';
  useEffect(() => {
    if (unknown && !error) refresh().catch(setError);
  }, [unknown, error]);

  if (session.status === 'signed-in') return <Shell user={session.user} />;
  if (session.status === 'signed-out') return path === '/setup' ? <SetupScreen /> : <SignInScreen />;
  return (
    <main className="mx-auto max-w-[560px] p-8">
      {error ? <Problem error={error} onRetry={() => setError(undefined)} /> : <Skeleton rows={3} />}
    </main>
  );
}
