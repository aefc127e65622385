import { useEffect, useRef } from 'react';
import { Link } from '@tanstack/react-router';
import type { Playbook } from '@/api/types';
import { messages } from '@/messages';
import { Button, buttonClass } from '@/ui/Button';
import { Copyable } from '@/ui/Copyable';
import { Mark } from '@/ui/Mark';
import { Cell, Facts, Row, Table } from '@/ui/Table';
import { Ago } from '@/ui/Time';
import { outline, showValue } from '@/ui/format';

const text = messages.fleet.playbooks;

export function PlaybookDetail({ playbook, onClose }: { playbook: Playbook; onClose: () => void }) {
  const ref = useRef<HTMLElement>(null);
  useEffect(() => {
    ref.current?.scrollIntoView({ block: 'nearest' });
  }, [playbook.id]);
  const variables = playbook.variables ?? [];
  const name = playbook.name ?? playbook.path;
  return (
    <aside
      ref={ref}
      aria-label={name}
      className="order-first grid content-start gap-4 border-b border-line pb-6 xl:sticky xl:top-6 xl:order-none xl:self-start xl:border-b-0 xl:border-l xl:pb-0 xl:pl-8"
    >
      <div className="flex items-start justify-between gap-3">
        <div className="min-w-0">
          <h2 className="text-lg font-[620] tracking-[-0.01em] break-words">{name}</h2>
          <Copyable
            text={playbook.path}
            label={text.columns.playbook}
            head={40}
            tail={20}
            className="text-ink-2"
          />
        </div>
        <Button small look="quiet" onClick={onClose}>
          {messages.states.close}
        </Button>
      </div>
      {playbook.description && <p className="text-sm text-ink-2">{playbook.description}</p>}
      {playbook.broken ? (
        <p className="flex gap-2 border-l-2 border-bad pl-3 text-sm break-words text-bad">
          <Mark tone="bad" className="mt-1" />
          {playbook.broken}
        </p>
      ) : (
        <Link
          to="/"
          search={{ ask: playbook.examples?.[0] ?? name }}
          className={`${buttonClass('go', true)} justify-self-start`}
        >
          {text.ask}
        </Link>
      )}
      <div>
        {variables.length === 0 ? (
          <p className="text-sm text-ink-3">{text.noVariables}</p>
        ) : (
          <Table
            caption={text.columns.variables}
            columns={[{ label: text.variableColumns.name }, { label: text.variableColumns.value }]}
          >
            {variables.map((variable) => (
              <Row key={variable.name}>
                <Cell>
                  <span className="block font-mono [overflow-wrap:anywhere]">{variable.name}</span>
                  {variable.description && <span className="block text-ink-2">{variable.description}</span>}
                </Cell>
                <Cell className="font-mono [overflow-wrap:anywhere]">
                  {variable.required && variable.default == null ? (
                    <span className="font-ui text-wait">{text.required}</span>
                  ) : variable.secret ? (
                    <span className="font-ui text-ink-3">{messages.plans.secret}</span>
                  ) : (
                    <span title={showValue(variable.default)}>
                      {typeof variable.default === 'object' && variable.default !== null
                        ? outline(variable.default)
                        : showValue(variable.default)}
                    </span>
                  )}
                </Cell>
              </Row>
            ))}
          </Table>
        )}
      </div>
      <Facts
        items={[
          {
            label: text.columns.hosts,
            value: playbook.hosts && <span className="font-mono">{playbook.hosts}</span>,
          },
          { label: text.facts.service, value: playbook.service },
          { label: text.facts.tags, value: playbook.tags?.join(', ') },
          {
            label: text.facts.check,
            value: playbook.check === undefined ? undefined : playbook.check ? text.yes : text.no,
          },
          {
            label: text.facts.undo,
            value: playbook.undo && <span className="font-mono">{playbook.undo}</span>,
          },
          {
            label: text.facts.hash,
            value: playbook.contentSha256 && (
              <Copyable text={playbook.contentSha256} label={text.sha} head={8} tail={8} />
            ),
          },
          { label: text.facts.changed, value: playbook.updatedAt && <Ago at={playbook.updatedAt} /> },
        ]}
      />
    </aside>
  );
}
