import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '@/api/api';
import type { AuditEntry } from '@/api/types';
import { messages } from '@/messages';
import { Copyable } from '@/ui/Copyable';
import { Facts } from '@/ui/Table';
import { Ago } from '@/ui/Time';
import { entryOn } from './entry';

const text = messages.fleet.audit;

/** The git commit that carries the record of a finished step or plan; most entries have none, and that is no error. */
function GitProof({ taskId }: { taskId: string }) {
  const task = useQuery({
    queryKey: ['audit', 'task', taskId],
    queryFn: ({ signal }) => api.auditTask(taskId, signal),
    retry: false,
  });
  if (!task.data?.commit) return null;
  return (
    <Facts
      items={[
        {
          label: text.facts.commit,
          value: <Copyable text={task.data.commit} label={text.facts.commit} head={8} tail={8} />,
        },
        {
          label: text.facts.path,
          value: task.data.path && (
            <Copyable text={task.data.path} label={text.facts.path} head={20} tail={12} />
          ),
        },
      ]}
    />
  );
}

export function EntryDetail({ entry }: { entry: AuditEntry }) {
  const on = entryOn(entry);
  const task = entry.taskId;
  return (
    <aside
      aria-label={text.detail}
      className="order-first grid min-w-0 content-start gap-4 border-b border-line pb-6 xl:sticky xl:top-6 xl:order-none xl:self-start xl:border-b-0 xl:border-l xl:pb-0 xl:pl-8"
    >
      <h2 className="font-mono text-md font-[600] break-all">{entry.type}</h2>
      <Facts
        items={[
          { label: text.facts.at, value: <Ago at={entry.at} /> },
          { label: text.facts.actor, value: entry.actor },
          { label: text.facts.status, value: entry.status?.replaceAll('_', ' ') },
          {
            label: text.facts.resource,
            value: on && <Copyable text={on} label={text.facts.resource} head={14} tail={10} />,
          },
          {
            label: text.facts.plan,
            value: entry.planId && (
              <Link
                to="/plans/$id"
                params={{ id: entry.planId }}
                search={{}}
                className="text-accent underline underline-offset-2"
              >
                {text.openPlan}
              </Link>
            ),
          },
          {
            label: text.facts.hash,
            value: entry.hash && <Copyable text={entry.hash} label={text.facts.hash} head={10} tail={10} />,
          },
          {
            label: text.facts.previous,
            value: entry.previousHash && (
              <Copyable text={entry.previousHash} label={text.facts.previous} head={10} tail={10} />
            ),
          },
          {
            label: text.facts.trace,
            value: entry.traceId && (
              <Copyable text={entry.traceId} label={text.facts.trace} head={8} tail={8} />
            ),
          },
        ]}
      />
      {task && <GitProof taskId={task} />}
      {entry.data !== undefined && entry.data !== null && (
        <details open>
          <summary className="title-2 mb-2">{text.data}</summary>
          <pre
            // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region has to take the keyboard
            tabIndex={0}
            role="region"
            aria-label={text.data}
            className="max-h-[50vh] overflow-auto rounded-1 bg-sunken p-3 font-mono text-xs whitespace-pre-wrap [overflow-wrap:anywhere]"
          >
            {JSON.stringify(entry.data, null, 2)}
          </pre>
        </details>
      )}
    </aside>
  );
}
