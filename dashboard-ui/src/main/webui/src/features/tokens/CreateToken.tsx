import { useState, type FormEvent } from 'react';
import { api, type NewToken } from '@/api/api';
import type { ApiToken, Role, User } from '@/api/types';
import { messages } from '@/messages';
import { Button } from '@/ui/Button';
import { copyText } from '@/ui/copyText';
import { Dialog } from '@/ui/Dialog';
import { Field, FilterSelect, Input } from '@/ui/Field';
import { Problem } from '@/ui/Problem';
import { useTokenChange } from './useTokenChange';

const text = messages.tokens;
const order: Role[] = ['viewer', 'operator', 'approver', 'admin'];
const lives = [7, 30, 90, 365];

/** First the form, then, this once, the token. */
export function CreateToken({ user, onClose }: { user: User; onClose: () => void }) {
  const [made, setMade] = useState<ApiToken>();
  return made ? (
    <Dialog open onClose={onClose} title={text.made.title} lead={text.made.lead}>
      <Made token={made} team={user.team} onClose={onClose} />
    </Dialog>
  ) : (
    <Dialog open onClose={onClose} title={text.form.title} lead={text.form.lead}>
      <Form user={user} onMade={setMade} onClose={onClose} />
    </Dialog>
  );
}

function Form({
  user,
  onMade,
  onClose,
}: {
  user: User;
  onMade: (token: ApiToken) => void;
  onClose: () => void;
}) {
  const [name, setName] = useState('');
  const [kind, setKind] = useState<ApiToken['kind']>('person');
  const [scopes, setScopes] = useState<Role[]>(['viewer']);
  const [subject, setSubject] = useState('');
  const [days, setDays] = useState(90);
  const create = useTokenChange(() => {
    const whom: Partial<NewToken> = kind === 'person' ? { scopes } : { subject: subject.trim() };
    return api.createToken({ name: name.trim(), kind, expiresInDays: days, ...whom });
  }, onMade);
  return (
    <form
      className="grid gap-4"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        create.mutate();
      }}
    >
      <Field label={text.form.name}>
        {(id) => (
          <Input
            id={id}
            data-autofocus
            autoComplete="off"
            required
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      {user.roles.includes('admin') && (
        <div className="grid gap-1.5 text-sm">
          <span aria-hidden className="font-[560] text-ink-2">
            {text.form.kind}
          </span>
          <FilterSelect
            label={text.form.kind}
            value={kind}
            options={(['person', 'node', 'agent'] as const).map((each) => ({
              value: each,
              label: text.form.kinds[each],
            }))}
            onChange={(event) => setKind(event.target.value as ApiToken['kind'])}
          />
        </div>
      )}
      {kind === 'person' ? (
        <Scopes roles={user.roles} scopes={scopes} onChange={setScopes} />
      ) : (
        <Field label={kind === 'node' ? text.form.node : text.form.agent}>
          {(id) => (
            <Input
              id={id}
              autoComplete="off"
              autoCapitalize="none"
              required
              maxLength={253}
              value={subject}
              onChange={(event) => setSubject(event.target.value)}
            />
          )}
        </Field>
      )}
      <div className="grid gap-1.5 text-sm">
        <span aria-hidden className="font-[560] text-ink-2">
          {text.form.days}
        </span>
        <FilterSelect
          label={text.form.days}
          value={String(days)}
          options={lives.map((each) => ({ value: String(each), label: text.form.daysChoice(each) }))}
          onChange={(event) => setDays(Number(event.target.value))}
        />
      </div>
      {create.error && <Problem error={create.error} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{messages.states.cancel}</Button>
        <Button type="submit" look="go" busy={create.isPending} busyText={text.form.busy}>
          {text.form.submit}
        </Button>
      </div>
    </form>
  );
}

/** Only what its owner has can be given; whoever may do anything may look. */
function Scopes({
  roles,
  scopes,
  onChange,
}: {
  roles: Role[];
  scopes: Role[];
  onChange: (scopes: Role[]) => void;
}) {
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1.5 text-sm font-[560] text-ink-2">{text.form.scopes}</legend>
      {order
        .filter((role) => roles.includes(role))
        .map((role) => (
          <label key={role} className="grid grid-cols-[20px_1fr] items-start text-sm">
            <input
              type="checkbox"
              className="mt-0.5 size-4 accent-accent"
              checked={role === 'viewer' || scopes.includes(role)}
              disabled={role === 'viewer'}
              onChange={(event) =>
                onChange(event.target.checked ? [...scopes, role] : scopes.filter((each) => each !== role))
              }
            />
            {messages.people.roles[role]}
          </label>
        ))}
    </fieldset>
  );
}

function Made({ token, team, onClose }: { token: ApiToken; team: string; onClose: () => void }) {
  const [copied, setCopied] = useState(false);
  return (
    <div className="grid gap-4">
      <Field label={text.made.label} hideLabel>
        {(id) => (
          <Input
            id={id}
            readOnly
            className="font-mono text-sm"
            value={token.token ?? ''}
            onFocus={(event) => event.target.select()}
          />
        )}
      </Field>
      <p className="text-sm text-ink-2">
        {token.kind === 'person' ? (
          <code className="font-mono text-xs">{text.made.script(window.location.origin)}</code>
        ) : (
          text.made.broker(`${token.kind}~${team}~${token.subject}`)
        )}
      </p>
      <div className="flex flex-wrap justify-end gap-2">
        <Button
          look="go"
          data-autofocus
          onClick={() => {
            void copyText(token.token ?? '').then(setCopied);
          }}
        >
          {copied ? messages.states.copied : text.made.copy}
        </Button>
        <Button onClick={onClose}>{text.made.done}</Button>
        <span className="sr-only" role="status">
          {copied ? messages.states.copied : ''}
        </span>
      </div>
    </div>
  );
}
