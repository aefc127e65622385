import { useState, type FormEvent } from 'react';
import { signIn } from '@/api/session';
import { messages } from '@/messages';
import { Button } from '@/ui/Button';
import { Field, Input } from '@/ui/Field';
import { Problem } from '@/ui/Problem';
import { Gate } from './Gate';

export function SignInScreen() {
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    signIn(username.trim(), password)
      .catch(setError)
      .finally(() => setBusy(false));
  };
  return (
    <Gate title={messages.signIn.title} lead={messages.signIn.lead}>
      <form onSubmit={submit} className="mt-6 grid gap-4">
        <Field label={messages.signIn.user}>
          {(id) => (
            <Input
              id={id}
              // eslint-disable-next-line jsx-a11y/no-autofocus -- the page has one purpose
              autoFocus
              autoComplete="username"
              autoCapitalize="none"
              required
              value={username}
              onChange={(event) => setUsername(event.target.value)}
            />
          )}
        </Field>
        <Field label={messages.signIn.password}>
          {(id) => (
            <Input
              id={id}
              type="password"
              autoComplete="current-password"
              required
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </Field>
        {error !== undefined && <Problem error={error} />}
        <Button type="submit" look="go" busy={busy} busyText={messages.signIn.busy}>
          {messages.signIn.submit}
        </Button>
      </form>
      <p className="mt-6 border-t border-line pt-3 text-xs text-ink-3">{messages.signIn.first}</p>
    </Gate>
  );
}
