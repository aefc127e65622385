import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '@/api/api';
import { queries } from '@/api/queries';
import type { Plan, PreviewTask, Step, StepPreview as Looked } from '@/api/types';
import { useRole } from '@/features/auth/useSession';
import { DiffView } from '@/features/run/DiffView';
import { messages } from '@/messages';
import { Button } from '@/ui/Button';
import { Problem } from '@/ui/Problem';

function Task({ task }: { task: PreviewTask }) {
  const said = task.outcome === 'changed' ? '' : (task.message ?? '').split('\n', 1)[0];
  return (
    <li className="grid gap-1.5">
      <p className="text-sm">
        <span className="font-[560]">{task.task}</span>
        <span className="text-ink-3">
          {' '}
          {task.host}, {messages.plans.preview.outcome(task.outcome ?? '')}
        </span>
        {said && <span className="block break-words text-ink-2">{said}</span>}
      </p>
      {Boolean(task.diff) && <DiffView diff={task.diff} />}
    </li>
  );
}

function Found({ preview }: { preview: Looked | undefined }) {
  const tasks = preview?.tasks ?? [];
  return (
    <>
      <p className="max-w-[72ch] text-sm break-words text-ink-2">
        {preview?.status === 'ready'
          ? messages.plans.preview.ready(preview.changes ?? 0, preview.total ?? 0)
          : messages.plans.preview.none(preview?.status ?? 'none', preview?.reason)}
        {preview?.truncated && ` ${messages.plans.preview.truncated}`}
      </p>
      {tasks.length > 0 && (
        <ul className="mt-3 grid gap-4">
          {tasks.map((task, index) => (
            <Task key={index} task={task} />
          ))}
        </ul>
      )}
    </>
  );
}

/** What a step would change, before anybody says yes to it. */
export function StepPreview({ plan, step, open }: { plan: Plan; step: Step; open: boolean }) {
  const preview = useQuery(queries.preview(plan.id, plan.version));
  const operator = useRole('operator');
  const queryClient = useQueryClient();
  const again = useMutation({
    mutationFn: () => api.askPreview(plan.id),
    onSuccess: (asked) => queryClient.setQueryData(['plan', plan.id, 'preview', plan.version], asked),
  });
  return (
    <section aria-label={messages.plans.preview.title}>
      <div className="mb-2 flex flex-wrap items-center gap-3">
        <h2 className="title-2">{messages.plans.preview.title}</h2>
        {open && operator && (
          <Button small busy={again.isPending} onClick={() => again.mutate()}>
            {messages.plans.preview.again}
          </Button>
        )}
      </div>
      {again.error ? <Problem error={again.error} /> : null}
      {preview.error ? <p className="text-sm text-ink-2">{messages.plans.preview.unread}</p> : null}
      {preview.data ? (
        <Found preview={preview.data.steps.find((each) => each.number === step.number)} />
      ) : null}
    </section>
  );
}
