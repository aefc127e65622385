import { Link } from '@tanstack/react-router';
import type { Step, Variable } from '@/api/types';
import { messages } from '@/messages';
import { Copyable } from '@/ui/Copyable';
import { bytes, duration, outline, showValue } from '@/ui/format';
import { Mark } from '@/ui/Mark';
import { Meter } from '@/ui/Meter';
import { Facts } from '@/ui/Table';

export function sourceText(variable: Variable): string {
  const known = messages.plans.source[variable.source as keyof typeof messages.plans.source];
  if (!known) return variable.source.replaceAll('_', ' ');
  return typeof known === 'function' ? known(variable.quote) : known;
}

/** Lists and objects are named in one line and opened by who wants all of it. */
function Value({ value }: { value: unknown }) {
  if (typeof value !== 'object' || value === null) return <>{showValue(value)}</>;
  return (
    <details>
      <summary className="font-ui">{outline(value)}</summary>
      <pre className="mt-1 overflow-x-auto text-xs leading-normal whitespace-pre-wrap">
        {JSON.stringify(value, null, 2)}
      </pre>
    </details>
  );
}

function Variables({ variables }: { variables: Variable[] }) {
  if (variables.length === 0) return <p className="text-sm text-ink-3">{messages.plans.noVariables}</p>;
  return (
    <table className="w-full border-collapse text-sm">
      <caption className="sr-only">{messages.plans.variables}</caption>
      <tbody>
        {variables.map((variable) => (
          <tr key={variable.name} className="border-b border-line align-top">
            <th
              scope="row"
              className="w-[42%] max-w-[200px] py-1.5 pr-3 text-left font-mono font-[400] [overflow-wrap:anywhere] text-ink-2 sm:w-[34%]"
            >
              {variable.name}
            </th>
            <td className="py-1.5 font-mono [overflow-wrap:anywhere] sm:pr-3">
              {variable.source === 'missing' ? (
                <span className="inline-flex items-center gap-1.5 font-ui font-[560] text-wait">
                  <Mark tone="wait" />
                  {messages.plans.missing}
                </span>
              ) : variable.secret ? (
                <span className="font-ui text-ink-3">{messages.plans.secret}</span>
              ) : (
                <Value value={variable.value} />
              )}
              <span className="block font-ui text-ink-3 sm:hidden">{sourceText(variable)}</span>
            </td>
            <td className="hidden py-1.5 text-right whitespace-nowrap text-ink-3 sm:table-cell sm:w-px">
              {sourceText(variable)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Why({ step }: { step: Step }) {
  const { score } = step;
  if (!step.agent) {
    return (
      <div>
        <h2 className="title-2 mb-2">{messages.plans.noAgent}</h2>
        <p className="text-sm text-ink-2">
          {step.playbook ? messages.plans.noAgentBody : messages.plans.noPlaybookYet}{' '}
          <Link to="/agents" className="text-accent underline underline-offset-2">
            {messages.nav.agents}
          </Link>
        </p>
      </div>
    );
  }
  const bars = score
    ? ([
        ['pastSuccess', score.pastSuccess, 40],
        ['recentContext', score.recentContext, 30],
        ['specialisation', score.specialisation, 20],
        ['load', score.load, 10],
      ] as const)
    : [];
  const figures = messages.plans.whyFigures(step.matchConfidence?.toFixed(2), score?.total);
  return (
    <div>
      <h2 className="title-2 mb-2">
        {messages.plans.why(step.agent)}{' '}
        {figures && <span className="num font-[400] text-ink-3">({figures})</span>}
      </h2>
      {score?.reason && <p className="mb-2 max-w-[72ch] text-sm text-ink-2">{score.reason}</p>}
      <div className="grid grid-cols-[minmax(110px,150px)_1fr_48px] items-center gap-x-3 gap-y-1.5 text-sm">
        {bars.map(([name, value, max]) => (
          <div key={name} className="contents">
            <span>{messages.plans.scores[name]}</span>
            <Meter value={value} max={max} label={`${messages.plans.scores[name]} ${value} of ${max}`} />
            <span className="num text-right">
              {value}/{max}
            </span>
          </div>
        ))}
      </div>
    </div>
  );
}

export function Notices({ step }: { step: Step }) {
  const notices = (step.notices ?? []).map((notice) =>
    typeof notice === 'string' ? notice : notice.message,
  );
  if (notices.length === 0) return null;
  return (
    <ul className="grid gap-1.5">
      {notices.map((notice) => (
        <li key={notice} className="flex gap-2 border-l-2 border-warn pl-3 text-sm">
          <span className="break-words whitespace-pre-line">{notice}</span>
        </li>
      ))}
    </ul>
  );
}

export function StepDetail({ step }: { step: Step }) {
  const { resources } = step;
  const estimate = step.estimateSource as keyof typeof messages.plans.estimateSource | undefined;
  return (
    <div className="grid content-start gap-6">
      {(step.notices ?? []).length > 0 && (
        <div>
          <h2 className="title-2 mb-2">{messages.plans.notices}</h2>
          <Notices step={step} />
        </div>
      )}
      <div>
        <h2 className="title-2 mb-1">{messages.plans.variables}</h2>
        <Variables variables={step.variables ?? []} />
      </div>
      <Why step={step} />
      <div>
        <h2 className="title-2 mb-1">{messages.plans.where}</h2>
        <Facts
          items={[
            { label: messages.plans.facts.clause, value: step.clause ? `“${step.clause}”` : undefined },
            {
              label: messages.plans.facts.hosts,
              value: step.hosts?.length ? (
                <span className="font-mono">{step.hosts.join(', ')}</span>
              ) : undefined,
            },
            {
              label: messages.plans.facts.inventory,
              value: step.inventory ? (
                <>
                  <span className="font-mono">{step.inventory}</span>
                  {step.inventorySource && <span className="text-ink-3">, {step.inventorySource}</span>}
                </>
              ) : undefined,
            },
            {
              label: messages.plans.facts.playbook,
              value: step.playbook ? (
                <Link
                  to="/playbooks"
                  search={{
                    open: step.playbookId ?? undefined,
                    q: step.playbookId ? undefined : step.playbook,
                  }}
                  className="font-mono break-all text-accent underline underline-offset-2"
                >
                  {step.playbook}
                </Link>
              ) : undefined,
            },
            {
              label: messages.plans.facts.content,
              value: step.playbookHash ? (
                <Copyable text={step.playbookHash} label={messages.plans.facts.content} head={8} tail={8} />
              ) : undefined,
            },
            {
              label: messages.plans.facts.agent,
              value: step.agent ? (
                <Link to="/agents" className="font-mono text-accent underline underline-offset-2">
                  {step.agent}
                </Link>
              ) : undefined,
            },
            {
              label: messages.plans.facts.resources,
              value: messages.plans.resources(
                resources?.cpuCores,
                resources?.memoryBytes ? bytes(resources.memoryBytes) : undefined,
                resources?.vramBytes ? bytes(resources.vramBytes) : undefined,
              ),
            },
            {
              label: messages.plans.facts.duration,
              value: step.estimatedSeconds
                ? `${messages.plans.about} ${duration(step.estimatedSeconds)}${estimate && messages.plans.estimateSource[estimate] ? `, ${messages.plans.estimateSource[estimate]}` : ''}`
                : undefined,
            },
          ]}
        />
      </div>
    </div>
  );
}
