import { Link } from '@tanstack/react-router';
import type { AuditEntry } from '@/api/types';
import { messages } from '@/messages';
import { State } from '@/ui/Pill';
import { Cell, Row, Table } from '@/ui/Table';
import { Ago } from '@/ui/Time';
import { middleCut } from '@/ui/format';
import { actorName, entryOn, statusTone } from './entry';

const text = messages.fleet.audit;

export function EntryTable({ entries, openId }: { entries: AuditEntry[]; openId: string | undefined }) {
  const { columns } = text;
  return (
    <Table
      caption={text.title}
      columns={[
        { label: columns.when },
        { label: columns.type },
        { label: columns.actor },
        { label: columns.on, wide: true },
        { label: columns.status },
        { label: columns.hash, className: 'hidden 2xl:table-cell' },
      ]}
    >
      {entries.map((entry) => {
        const { id, status } = entry;
        const on = entryOn(entry);
        return (
          <Row key={id} selected={id === openId}>
            <Cell className="text-ink-2">
              <Ago at={entry.at} />
            </Cell>
            <Cell>
              <Link
                to="/audit"
                search={(before) => ({ ...before, entry: id })}
                replace
                data-row
                className="font-mono font-[560] [overflow-wrap:anywhere] hover:underline md:whitespace-nowrap"
              >
                {entry.type}
              </Link>
            </Cell>
            <Cell className="[overflow-wrap:anywhere]">
              <span title={entry.actor ?? undefined}>{actorName(entry.actor)}</span>
            </Cell>
            <Cell wide className="font-mono text-xs whitespace-nowrap">
              <span title={on}>{middleCut(on, 12, 8)}</span>
            </Cell>
            <Cell>{status && <State tone={statusTone(status)}>{status.replaceAll('_', ' ')}</State>}</Cell>
            <Cell className="hidden font-mono text-xs whitespace-nowrap text-ink-3 2xl:table-cell">
              <span title={entry.hash}>{entry.hash && middleCut(entry.hash, 4, 4)}</span>
            </Cell>
          </Row>
        );
      })}
    </Table>
  );
}
