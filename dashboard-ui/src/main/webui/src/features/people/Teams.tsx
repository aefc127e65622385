import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { queries } from '@/api/queries';
import { messages } from '@/messages';
import { Button } from '@/ui/Button';
import { QueryView } from '@/ui/QueryView';
import { Cell, Row, Table } from '@/ui/Table';
import { Ago } from '@/ui/Time';
import { AddTeam, DeleteTeam } from './dialogs';

const text = messages.people.teams;

/** For administrators of the home team. */
export function Teams() {
  const teams = useQuery(queries.teams());
  const [adding, setAdding] = useState(false);
  const [deleting, setDeleting] = useState<string>();
  const { columns } = text;
  return (
    <section aria-labelledby="teams-title" className="mt-10">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div>
          <h2 id="teams-title" className="title-2">
            {text.title}
          </h2>
          <p className="mt-0.5 text-sm text-ink-2">{text.lead}</p>
        </div>
        <Button small onClick={() => setAdding(true)}>
          {text.add}
        </Button>
      </div>
      <div className="mt-2">
        <QueryView query={teams} rows={2}>
          {({ items }) => (
            <Table
              caption={text.title}
              columns={[
                { label: columns.name },
                { label: columns.people },
                { label: columns.by, wide: true },
                { label: columns.since, wide: true },
                { label: columns.actions, className: 'text-right' },
              ]}
            >
              {items.map((team) => (
                <Row key={team.name}>
                  <Cell className="font-[560]">{team.name}</Cell>
                  <Cell className="num">
                    <Link
                      to="/people"
                      search={{ team: team.name }}
                      aria-label={text.showOf(team.name)}
                      className="text-accent underline underline-offset-2"
                    >
                      {text.people(team.people)}
                    </Link>
                  </Cell>
                  <Cell wide>{team.createdBy}</Cell>
                  <Cell wide className="text-ink-2">
                    <Ago at={team.createdAt} />
                  </Cell>
                  <Cell className="text-right">
                    {team.people === 0 && (
                      <Button
                        small
                        look="danger"
                        aria-label={text.deleteOf(team.name)}
                        onClick={() => setDeleting(team.name)}
                      >
                        {text.delete}
                      </Button>
                    )}
                  </Cell>
                </Row>
              ))}
            </Table>
          )}
        </QueryView>
      </div>
      {adding && <AddTeam onClose={() => setAdding(false)} />}
      {deleting && <DeleteTeam name={deleting} onClose={() => setDeleting(undefined)} />}
    </section>
  );
}
