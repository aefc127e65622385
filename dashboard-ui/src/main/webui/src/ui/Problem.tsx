import type { ReactNode } from 'react';
import { asProblem, type ApiProblem } from '@/api/problem';
import { messages } from '@/messages';
import type { Explained } from '@/messages/problems';
import { Button } from './Button';
import { Mark } from './Mark';

export function explain(problem: ApiProblem): Explained {
  const known = messages.problems[problem.code];
  if (known) return typeof known === 'function' ? known(problem.detail, problem.members) : known;
  const generic = messages.problems.generic;
  return { what: problem.title || generic.what, means: problem.detail, todo: generic.todo };
}

/** What happened, what it means for you, what to do now. */
export function Problem({
  error,
  onRetry,
  children,
}: {
  error: unknown;
  onRetry?: () => void;
  children?: ReactNode;
}) {
  const problem = asProblem(error);
  const { what, means, todo } = explain(problem);
  const trace = problem.members.traceId;
  return (
    <div role="alert" className="grid max-w-[72ch] gap-1 border-l-2 border-bad py-1 pl-3 text-sm">
      <p className="flex items-center gap-1.5 font-[600] text-bad">
        <Mark tone="bad" />
        {what}
      </p>
      {means && <p className="break-words text-ink-2">{means}</p>}
      {problem.violations.length > 0 && (
        <ul className="list-disc pl-4 text-ink-2">
          {problem.violations.map((violation, index) => (
            <li key={index}>
              {violation.field && <span className="font-mono">{violation.field}: </span>}
              {violation.message}
            </li>
          ))}
        </ul>
      )}
      {todo && <p className="text-ink">{todo}</p>}
      <p className="text-xs text-ink-3">
        <span className="font-mono">{problem.code}</span>
        {problem.status > 0 && <span className="num"> {problem.status}</span>}
        {typeof trace === 'string' && <span className="font-mono"> trace {trace}</span>}
      </p>
      {(onRetry || children) && (
        <div className="mt-1 flex flex-wrap gap-2">
          {onRetry && (
            <Button small onClick={onRetry}>
              {messages.states.retry}
            </Button>
          )}
          {children}
        </div>
      )}
    </div>
  );
}
