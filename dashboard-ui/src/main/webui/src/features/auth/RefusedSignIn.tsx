import { useEffect, useState } from 'react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { messages } from '@/messages';
import { Mark } from '@/ui/Mark';

/** Why the sign-in with the provider came to nothing. The address carries a code, and only the codes we know are shown. */
export function RefusedSignIn() {
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  const [code] = useState(() => ('sign-in' in search ? search['sign-in'] : undefined));
  useEffect(() => {
    // Said once: a reload, or the address passed on, must not say it again.
    if (code) void navigate({ to: '/', search: {}, replace: true });
  }, [code, navigate]);
  const refused =
    code && Object.hasOwn(messages.refusedSignIn, code) ? messages.refusedSignIn[code] : undefined;
  if (!refused) return null;
  return (
    <div role="alert" className="mt-4 grid gap-1 border-l-2 border-bad py-1 pl-3 text-sm">
      <p className="flex items-center gap-1.5 font-[600] text-bad">
        <Mark tone="bad" />
        {refused.what}
      </p>
      <p className="text-ink">{refused.todo}</p>
    </div>
  );
}
