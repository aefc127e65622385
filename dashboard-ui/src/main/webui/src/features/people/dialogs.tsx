import { useState, type FormEvent, type ReactNode } from 'react';
import type { UseMutationResult } from '@tanstack/react-query';
import { api } from '@/api/api';
import type { Person, Role } from '@/api/types';
import { messages } from '@/messages';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Field, Input } from '@/ui/Field';
import { Problem } from '@/ui/Problem';
import { PasswordField } from './PasswordField';
import { RoleChoice } from './RoleChoice';
import { useChange } from './useChange';

const text = messages.people;

/** A question with one answer: what is wrong stays in the dialog, what worked closes it. */
function Ask({
  title,
  lead,
  submit,
  busy,
  danger,
  action,
  onSubmit,
  onClose,
  children,
}: {
  title: string;
  lead: string;
  submit: string;
  busy: string;
  danger?: boolean;
  action: Pick<UseMutationResult<unknown>, 'error' | 'isPending'>;
  onSubmit: () => void;
  onClose: () => void;
  children?: ReactNode;
}) {
  return (
    <Dialog open onClose={onClose} title={title} lead={lead}>
      <form
        className="grid gap-4"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        {children}
        {action.error && <Problem error={action.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{messages.states.cancel}</Button>
          <Button type="submit" look={danger ? 'danger' : 'go'} busy={action.isPending} busyText={busy}>
            {submit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function NameField({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange: (v: string) => void;
}) {
  return (
    <Field label={label}>
      {(id) => (
        <Input
          id={id}
          data-autofocus
          autoComplete="off"
          autoCapitalize="none"
          required
          maxLength={64}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

export function AddPerson({ team, onClose }: { team: string; onClose: () => void }) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [roles, setRoles] = useState<Role[]>(['viewer']);
  const add = useChange(() => api.addPerson({ username: name.trim(), password, roles, team }), onClose);
  return (
    <Ask
      title={text.add.title}
      lead={text.add.lead(team)}
      submit={text.add.submit}
      busy={text.add.busy}
      action={add}
      onSubmit={() => add.mutate()}
      onClose={onClose}
    >
      <NameField label={text.add.name} value={name} onChange={setName} />
      <PasswordField label={text.add.password} value={password} onChange={setPassword} />
      <RoleChoice roles={roles} onChange={setRoles} />
    </Ask>
  );
}

export function ChangePerson({ person, onClose }: { person: Person; onClose: () => void }) {
  const [roles, setRoles] = useState<Role[]>(person.roles);
  const [disabled, setDisabled] = useState(person.disabled);
  const save = useChange(() => api.changePerson(person.id, { roles, disabled }), onClose);
  return (
    <Ask
      title={text.list.changeOf(person.name)}
      lead={text.change.lead}
      submit={text.change.submit}
      busy={text.change.busy}
      action={save}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <RoleChoice roles={roles} onChange={setRoles} />
      <label className="grid grid-cols-[20px_1fr] items-start border-t border-line pt-4 text-sm">
        <input
          type="checkbox"
          className="mt-0.5 size-4 accent-accent"
          checked={disabled}
          onChange={(event) => setDisabled(event.target.checked)}
        />
        {text.change.disabled}
      </label>
    </Ask>
  );
}

export function ResetPassword({ person, onClose }: { person: Person; onClose: () => void }) {
  const [password, setPassword] = useState('');
  const reset = useChange(() => api.resetPassword(person.id, password), onClose);
  return (
    <Ask
      title={text.list.passwordOf(person.name)}
      lead={text.reset.lead}
      submit={text.reset.submit}
      busy={text.reset.busy}
      action={reset}
      onSubmit={() => reset.mutate()}
      onClose={onClose}
    >
      <PasswordField label={text.reset.password} value={password} onChange={setPassword} autofocus />
    </Ask>
  );
}

export function DeletePerson({ person, onClose }: { person: Person; onClose: () => void }) {
  const remove = useChange(() => api.deletePerson(person.id), onClose);
  return (
    <Ask
      title={text.list.deleteOf(person.name)}
      lead={text.remove.lead(person.name)}
      submit={text.remove.submit}
      busy={text.remove.busy}
      danger
      action={remove}
      onSubmit={() => remove.mutate()}
      onClose={onClose}
    />
  );
}

export function AddTeam({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const add = useChange(() => api.addTeam(name.trim()), onClose);
  return (
    <Ask
      title={text.teams.add}
      lead={text.teams.addLead}
      submit={text.teams.submit}
      busy={text.teams.busy}
      action={add}
      onSubmit={() => add.mutate()}
      onClose={onClose}
    >
      <NameField label={text.teams.name} value={name} onChange={setName} />
    </Ask>
  );
}

export function DeleteTeam({ name, onClose }: { name: string; onClose: () => void }) {
  const remove = useChange(() => api.deleteTeam(name), onClose);
  return (
    <Ask
      title={text.teams.deleteOf(name)}
      lead={text.teams.deleteLead(name)}
      submit={text.teams.deleteSubmit}
      busy={text.remove.busy}
      danger
      action={remove}
      onSubmit={() => remove.mutate()}
      onClose={onClose}
    />
  );
}
