import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { queries } from '@/api/queries';
import type { Person } from '@/api/types';
import { useUser } from '@/features/auth/useSession';
import { messages } from '@/messages';
import { Button } from '@/ui/Button';
import { FilterSelect } from '@/ui/Field';
import { Page } from '@/ui/Page';
import { State } from '@/ui/Pill';
import { Empty, QueryView } from '@/ui/QueryView';
import { Cell, Row, Table } from '@/ui/Table';
import { Ago } from '@/ui/Time';
import { AddPerson, ChangePerson, DeletePerson, ResetPassword } from './dialogs';
import { Teams } from './Teams';

const text = messages.people.list;

type Doing = { what: 'add' } | { what: 'change' | 'password' | 'delete'; person: Person };

function TeamChoice({ team }: { team: string }) {
  const teams = useQuery(queries.teams());
  const navigate = useNavigate();
  const names = teams.data?.items.map((each) => each.name) ?? [];
  return (
    <FilterSelect
      label={text.team}
      value={team}
      options={[...new Set([...names, team])].map((name) => ({ value: name, label: name }))}
      onChange={(event) => void navigate({ to: '/people', search: { team: event.target.value } })}
    />
  );
}

function Actions({ person, onDo }: { person: Person; onDo: (doing: Doing) => void }) {
  return (
    <div className="flex flex-wrap justify-end gap-1.5">
      <Button small aria-label={text.changeOf(person.name)} onClick={() => onDo({ what: 'change', person })}>
        {text.change}
      </Button>
      {person.hasPassword && (
        <Button
          small
          aria-label={text.passwordOf(person.name)}
          onClick={() => onDo({ what: 'password', person })}
        >
          {text.password}
        </Button>
      )}
      <Button
        small
        look="danger"
        aria-label={text.deleteOf(person.name)}
        onClick={() => onDo({ what: 'delete', person })}
      >
        {text.delete}
      </Button>
    </div>
  );
}

function Dialogs({ doing, team, onClose }: { doing?: Doing; team: string; onClose: () => void }) {
  switch (doing?.what) {
    case 'add':
      return <AddPerson team={team} onClose={onClose} />;
    case 'change':
      return <ChangePerson person={doing.person} onClose={onClose} />;
    case 'password':
      return <ResetPassword person={doing.person} onClose={onClose} />;
    case 'delete':
      return <DeletePerson person={doing.person} onClose={onClose} />;
    default:
      return null;
  }
}

export function PeoplePage() {
  const user = useUser();
  const search = useSearch({ strict: false });
  const fleet = Boolean(user?.fleet);
  const team = (fleet && 'team' in search && search.team) || user?.team || '';
  const people = useQuery(queries.people(fleet ? team : undefined));
  const [doing, setDoing] = useState<Doing>();
  const { columns } = text;
  return (
    <Page
      title={text.title}
      lead={text.lead}
      actions={
        user?.roles.includes('admin') && (
          <Button look="go" onClick={() => setDoing({ what: 'add' })}>
            {text.add}
          </Button>
        )
      }
      filters={fleet && <TeamChoice team={team} />}
    >
      <QueryView
        query={people}
        isEmpty={(page) => page.items.length === 0}
        empty={<Empty title={text.empty} body={text.emptyBody} />}
      >
        {({ items }) => (
          <Table
            caption={text.title}
            columns={[
              { label: columns.name },
              { label: columns.roles },
              { label: columns.state, wide: true },
              { label: columns.since, wide: true },
              { label: columns.actions, className: 'text-right' },
            ]}
          >
            {items.map((person) => (
              <Row key={person.id}>
                <Cell>
                  <span className="font-[560] outline-offset-2" data-row tabIndex={-1}>
                    {person.name}
                  </span>
                  {person.id === user?.id && <span className="ml-1.5 text-xs text-ink-3">{text.you}</span>}
                  {person.disabled && (
                    <span className="block text-xs text-ink-3 md:hidden">{text.disabled}</span>
                  )}
                </Cell>
                <Cell>{person.roles.map((role) => messages.people.roles[role]).join(', ')}</Cell>
                <Cell wide>
                  <State tone={person.disabled ? 'idle' : 'ok'}>
                    {person.disabled ? text.disabled : text.active}
                  </State>
                </Cell>
                <Cell wide className="text-ink-2">
                  <Ago at={person.createdAt} />
                </Cell>
                <Cell>{person.id !== user?.id && <Actions person={person} onDo={setDoing} />}</Cell>
              </Row>
            ))}
          </Table>
        )}
      </QueryView>
      {fleet && <Teams />}
      <Dialogs doing={doing} team={team} onClose={() => setDoing(undefined)} />
    </Page>
  );
}
