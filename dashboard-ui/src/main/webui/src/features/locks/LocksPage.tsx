import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { queries } from '@/api/queries';
import type { Lock } from '@/api/types';
import { messages } from '@/messages';
import { Copyable } from '@/ui/Copyable';
import { Page } from '@/ui/Page';
import { Empty, QueryView } from '@/ui/QueryView';
import { Cell, Row, Table } from '@/ui/Table';
import { Ago } from '@/ui/Time';

const text = messages.fleet.locks;

function Holder({ lock }: { lock: Lock }) {
  const plan = /^plan:(.+)$/.exec(lock.ownerId)?.[1];
  return (
    <>
      {plan && (
        <Link
          to="/plans/$id"
          params={{ id: plan }}
          search={{}}
          className="mr-2 text-accent underline underline-offset-2"
        >
          {text.plan}
        </Link>
      )}
      <Copyable
        text={plan ?? lock.ownerId}
        label={text.columns.holder}
        head={8}
        tail={4}
        className="text-ink-2"
      />
    </>
  );
}

export function LocksPage() {
  const locks = useQuery(queries.locks());
  const { columns } = text;
  return (
    <Page title={text.title} lead={text.lead}>
      <QueryView
        query={locks}
        isEmpty={(page) => page.items.length === 0}
        empty={<Empty title={text.empty} body={text.emptyBody} />}
      >
        {({ items }) => (
          <Table
            caption={text.title}
            columns={[
              { label: columns.resource },
              { label: columns.holder },
              { label: columns.token, wide: true, className: 'text-right' },
              { label: columns.priority, wide: true },
              { label: columns.since, wide: true },
              { label: columns.until },
            ]}
          >
            {items.flatMap((lock) =>
              (lock.resourceIds ?? (lock.resourceId ? [lock.resourceId] : [])).map((resource) => (
                <Row key={`${lock.id} ${resource}`}>
                  <Cell className="font-mono font-[560]">
                    <span data-row tabIndex={-1}>
                      {resource}
                    </span>
                  </Cell>
                  <Cell>
                    <Holder lock={lock} />
                  </Cell>
                  <Cell wide className="num text-right font-mono">
                    {lock.fencingTokens?.[resource]}
                  </Cell>
                  <Cell wide>{lock.priority}</Cell>
                  <Cell wide className="text-ink-2">
                    <Ago at={lock.grantedAt} />
                  </Cell>
                  <Cell className="text-ink-2">
                    <Ago at={lock.expiresAt} />
                  </Cell>
                </Row>
              )),
            )}
          </Table>
        )}
      </QueryView>
    </Page>
  );
}
