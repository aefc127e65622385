import { useState } from 'react';
import { messages } from '@/messages';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Field, TextArea } from '@/ui/Field';
import { Problem } from '@/ui/Problem';
import type { usePlanAction } from './usePlanAction';

export function RejectDialog({
  open,
  onClose,
  action,
}: {
  open: boolean;
  onClose: () => void;
  action: ReturnType<typeof usePlanAction>;
}) {
  const [reason, setReason] = useState('');
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={messages.plans.reject.title}
      lead={messages.plans.reject.lead}
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          action.mutate({ kind: 'reject', reason: reason.trim() }, { onSuccess: onClose });
        }}
      >
        <Field label={messages.plans.reject.reason}>
          {(id) => (
            <TextArea
              id={id}
              data-autofocus
              required
              maxLength={1000}
              placeholder={messages.plans.reject.placeholder}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        {action.error && <Problem error={action.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{messages.states.cancel}</Button>
          <Button type="submit" look="danger" disabled={!reason.trim()} busy={action.isPending}>
            {messages.plans.reject.submit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
