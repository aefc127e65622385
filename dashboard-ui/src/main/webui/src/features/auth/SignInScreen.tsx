import { useState, type FormEvent } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link, useRouterState } from '@tanstack/react-router';
import { queries } from '@/api/queries';
import { register, signIn } from '@/api/session';
import type { SignInOptions } from '@/api/types';
import { messages } from '@/messages';
import { Button, buttonClass } from '@/ui/Button';
import { Field, Input } from '@/ui/Field';
import { Problem } from '@/ui/Problem';
import { Gate } from './Gate';
import { RefusedSignIn } from './RefusedSignIn';

/** Other ways in. Only addresses of this origin: an answer that was tampered with must not lead elsewhere. */
function OtherWays({ oidc = [], passwords = true }: SignInOptions) {
  const here = useRouterState({ select: (state) => state.location.href });
  const ways = oidc.filter((way) => /^\/(?![/\\])/.test(way.url));
  if (ways.length === 0) return null;
  return (
    <div className="mt-4 grid gap-2">
      {passwords && <p className="text-center text-xs text-ink-3">{messages.register.or}</p>}
      {ways.map((way) => (
        <a
          key={way.id}
          href={`${way.url}?to=${encodeURIComponent(here)}`}
          className={buttonClass(passwords ? 'plain' : 'go')}
        >
          {messages.register.with(way.name)}
        </a>
      ))}
    </div>
  );
}

function Switch({ says, action, onClick }: { says: string; action: string; onClick: () => void }) {
  return (
    <p className="mt-4 text-sm text-ink-2">
      {says}{' '}
      <button
        type="button"
        onClick={onClick}
        className="rounded-[4px] text-accent underline underline-offset-2"
      >
        {action}
      </button>
    </p>
  );
}

/** Signing in, and where the fleet allows it making an account: the same two fields. */
function Credentials({ making }: { making: boolean }) {
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    (making ? register : signIn)(username.trim(), password)
      .catch(setError)
      .finally(() => setBusy(false));
  };
  return (
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
          <>
            <Input
              id={id}
              type="password"
              autoComplete={making ? 'new-password' : 'current-password'}
              aria-describedby={making ? `${id}-rules` : undefined}
              required
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
            {making && (
              <p id={`${id}-rules`} className="text-xs text-ink-3">
                {messages.people.rules}
              </p>
            )}
          </>
        )}
      </Field>
      {error !== undefined && <Problem error={error} />}
      <Button
        type="submit"
        look="go"
        busy={busy}
        busyText={making ? messages.register.busy : messages.signIn.busy}
      >
        {making ? messages.register.submit : messages.signIn.submit}
      </Button>
    </form>
  );
}

export function SignInScreen() {
  const { data: options = {} } = useQuery(queries.signInOptions());
  const [making, setMaking] = useState(false);
  const say = making ? messages.register : messages.signIn;
  return (
    <Gate title={say.title} lead={say.lead}>
      <RefusedSignIn />
      {options.passwords !== false && <Credentials key={String(making)} making={making} />}
      {!making && <OtherWays {...options} />}
      {making ? (
        <Switch
          says={messages.register.back}
          action={messages.register.backAction}
          onClick={() => setMaking(false)}
        />
      ) : (
        options.registration === 'open' &&
        !options.setup && (
          <Switch
            says={messages.register.open}
            action={messages.register.openAction}
            onClick={() => setMaking(true)}
          />
        )
      )}
      {options.setup ? (
        <p className="mt-6 border-t border-line pt-3 text-sm text-ink-2">
          {messages.register.setUp}{' '}
          <Link to="/setup" search={{}} className="text-accent underline underline-offset-2">
            {messages.register.setUpAction}
          </Link>
        </p>
      ) : (
        options.passwords !== false && (
          <p className="mt-6 border-t border-line pt-3 text-xs text-ink-3">{messages.signIn.first}</p>
        )
      )}
    </Gate>
  );
}
