import { useState, type FormEvent } from 'react';
import { useMutation } from '@tanstack/react-query';
import { api } from '@/api/api';
import { refresh } from '@/api/session';
import { useUser } from '@/features/auth/useSession';
import { messages } from '@/messages';
import { Button } from '@/ui/Button';
import { Field, Input } from '@/ui/Field';
import { Mark } from '@/ui/Mark';
import { Page } from '@/ui/Page';
import { Problem } from '@/ui/Problem';
import { Facts } from '@/ui/Table';

const text = messages.account;

export function AccountPage() {
  const user = useUser();
  if (!user) return null;
  return (
    <Page title={text.title} lead={text.lead}>
      <div className="grid max-w-[520px] gap-8">
        <div>
          <Facts
            items={[
              { label: text.name, value: user.name },
              { label: text.team, value: user.team },
              { label: text.roles, value: user.roles.map((role) => messages.people.roles[role]).join(', ') },
            ]}
          />
          <p className="mt-2 text-xs text-ink-3">{text.rolesHint}</p>
        </div>
        {user.hasPassword ? <PasswordChange /> : <p className="text-sm text-ink-2">{text.noPassword}</p>}
      </div>
    </Page>
  );
}

function Secret({
  label,
  value,
  onChange,
  current,
  hint,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  current?: boolean;
  hint?: string;
}) {
  return (
    <Field label={label}>
      {(id) => (
        <>
          <Input
            id={id}
            type="password"
            autoComplete={current ? 'current-password' : 'new-password'}
            aria-describedby={hint ? `${id}-hint` : undefined}
            required
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
          {hint && (
            <p id={`${id}-hint`} className="text-xs text-ink-3">
              {hint}
            </p>
          )}
        </>
      )}
    </Field>
  );
}

function PasswordChange() {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [different, setDifferent] = useState(false);
  const change = useMutation({
    mutationFn: () => api.changePassword(current, next),
    onSuccess: () => {
      setCurrent('');
      setNext('');
      setAgain('');
      // The access token ended with the old password; the sign-in gives the next one.
      refresh().catch(() => undefined);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setDifferent(next !== again);
    if (next === again) change.mutate();
  };
  return (
    <section aria-labelledby="password-title">
      <h2 id="password-title" className="title-2">
        {text.password.title}
      </h2>
      <p className="mt-0.5 text-sm text-ink-2">{text.password.lead}</p>
      <form onSubmit={submit} className="mt-4 grid gap-4">
        <Secret label={text.password.current} value={current} onChange={setCurrent} current />
        <Secret label={text.password.next} value={next} onChange={setNext} hint={text.password.rules} />
        <Secret label={text.password.again} value={again} onChange={setAgain} />
        {different && (
          <p role="alert" className="text-sm text-bad">
            {text.password.different}
          </p>
        )}
        {change.error && <Problem error={change.error} />}
        <div className="flex flex-wrap items-center gap-3">
          <Button type="submit" look="go" busy={change.isPending} busyText={text.password.busy}>
            {text.password.submit}
          </Button>
          <p role="status" className="flex items-center gap-1.5 text-sm text-ok">
            {change.isSuccess && (
              <>
                <Mark tone="ok" />
                {text.password.done}
              </>
            )}
          </p>
        </div>
      </form>
    </section>
  );
}
