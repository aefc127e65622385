import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { queries } from '@/api/queries';
import type { ApiToken } from '@/api/types';
import { useUser } from '@/features/auth/useSession';
import { messages } from '@/messages';
import { Button } from '@/ui/Button';
import { FilterSelect } from '@/ui/Field';
import { Page } from '@/ui/Page';
import { State } from '@/ui/Pill';
import { Empty, QueryView } from '@/ui/QueryView';
import { Cell, Row, Table } from '@/ui/Table';
import { Ago } from '@/ui/Time';
import { CreateToken } from './CreateToken';
import { RevokeToken } from './RevokeToken';

const text = messages.tokens;

function speaksFor(token: ApiToken): string {
  switch (token.kind) {
    case 'node':
      return text.node(token.subject ?? '');
    case 'agent':
      return text.agent(token.subject ?? '');
    default:
      return token.owner;
  }
}

function Rows({ items, onRevoke }: { items: ApiToken[]; onRevoke: (token: ApiToken) => void }) {
  const { columns } = text;
  return (
    <Table
      caption={text.title}
      columns={[
        { label: columns.name },
        { label: columns.of },
        { label: columns.may, wide: true },
        { label: columns.used },
        { label: columns.expires },
        { label: columns.actions, className: 'text-right' },
      ]}
    >
      {items.map((token) => (
        <Row key={token.id}>
          <Cell>
            <span className="font-[560] outline-offset-2" data-row tabIndex={-1}>
              {token.name}
            </span>
          </Cell>
          <Cell>{speaksFor(token)}</Cell>
          <Cell wide>
            {token.kind === 'person'
              ? token.scopes.map((role) => messages.people.roles[role]).join(', ')
              : text.atBroker}
          </Cell>
          <Cell className="text-ink-2">{token.lastUsedAt ? <Ago at={token.lastUsedAt} /> : text.never}</Cell>
          <Cell className="text-ink-2">
            {token.expired ? <State tone="idle">{text.expired}</State> : <Ago at={token.expiresAt} />}
          </Cell>
          <Cell className="text-right">
            <Button
              small
              look="danger"
              aria-label={text.revokeOf(token.name)}
              onClick={() => onRevoke(token)}
            >
              {text.revoke}
            </Button>
          </Cell>
        </Row>
      ))}
    </Table>
  );
}

export function TokensPage() {
  const user = useUser();
  const [team, setTeam] = useState(false);
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<ApiToken>();
  const tokens = useQuery(queries.tokens(team));
  return (
    <Page
      title={text.title}
      lead={text.lead}
      actions={
        <Button look="go" onClick={() => setCreating(true)}>
          {text.create}
        </Button>
      }
      filters={
        user?.roles.includes('admin') && (
          <FilterSelect
            label={text.whose}
            value={team ? 'team' : 'mine'}
            options={[
              { value: 'mine', label: text.mine },
              { value: 'team', label: text.team },
            ]}
            onChange={(event) => setTeam(event.target.value === 'team')}
          />
        )
      }
    >
      <QueryView
        query={tokens}
        isEmpty={(page) => page.items.length === 0}
        empty={<Empty title={text.empty} body={text.emptyBody} />}
      >
        {({ items }) => <Rows items={items} onRevoke={setRevoking} />}
      </QueryView>
      {creating && user && <CreateToken user={user} onClose={() => setCreating(false)} />}
      {revoking && <RevokeToken token={revoking} onClose={() => setRevoking(undefined)} />}
    </Page>
  );
}
