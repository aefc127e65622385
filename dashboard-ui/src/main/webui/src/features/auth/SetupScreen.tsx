import { useState, type FormEvent } from 'react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { setUp } from '@/api/session';
import { messages } from '@/messages';
import { Button } from '@/ui/Button';
import { Field, Input } from '@/ui/Field';
import { Problem } from '@/ui/Problem';
import { Gate } from './Gate';

export function SetupScreen() {
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  const [token, setToken] = useState(('token' in search && search.token) || '');
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    setUp(token.trim(), username.trim(), password)
      .then(() => navigate({ to: '/', search: {}, replace: true }))
      .catch(setError)
      .finally(() => setBusy(false));
  };
  return (
    <Gate title={messages.setup.title} lead={messages.setup.lead}>
      <form onSubmit={submit} className="mt-6 grid gap-4">
        <Field label={messages.setup.token}>
          {(id) => (
            <Input id={id} required value={token} onChange={(event) => setToken(event.target.value)} />
          )}
        </Field>
        <Field label={messages.signIn.user}>
          {(id) => (
            <Input
              id={id}
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
              autoComplete="new-password"
              required
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </Field>
        {error !== undefined && <Problem error={error} />}
        <Button type="submit" look="go" busy={busy} busyText={messages.signIn.busy}>
          {messages.setup.submit}
        </Button>
      </form>
    </Gate>
  );
}
