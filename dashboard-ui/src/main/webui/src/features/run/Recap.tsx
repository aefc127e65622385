import type { Step } from '@/api/types';
import { messages } from '@/messages';
import { cx } from '@/ui/cx';
import { Cell, Row, Table } from '@/ui/Table';

const KINDS = ['ok', 'changed', 'failed', 'skipped', 'unreachable'] as const;

export function Recap({ step }: { step: Step }) {
  const hosts = Object.entries(step.recap ?? {});
  if (hosts.length === 0) return null;
  const { columns } = messages.run.recap;
  return (
    <div>
      <h2 className="title-2">{messages.run.recap.title}</h2>
      <Table
        caption={messages.run.recap.title}
        columns={[
          { label: columns.host },
          ...KINDS.map((kind) => ({ label: columns[kind], className: 'text-right' })),
        ]}
      >
        {hosts.map(([host, recap]) => (
          <Row key={host}>
            <Cell className="font-mono">{host}</Cell>
            {KINDS.map((kind) => {
              const count = recap[kind] ?? 0;
              const bad = count > 0 && (kind === 'failed' || kind === 'unreachable');
              return (
                <Cell
                  key={kind}
                  className={cx('num text-right', bad && 'font-[600] text-bad', count === 0 && 'text-ink-3')}
                >
                  {count}
                </Cell>
              );
            })}
          </Row>
        ))}
      </Table>
    </div>
  );
}
