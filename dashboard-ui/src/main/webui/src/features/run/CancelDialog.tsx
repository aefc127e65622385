import { useState } from 'react';
import type { usePlanAction } from '@/features/plans/usePlanAction';
import { messages } from '@/messages';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Field, TextArea } from '@/ui/Field';
import { Problem } from '@/ui/Problem';

export function CancelDialog({
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
      title={messages.run.actions.cancelTitle}
      lead={messages.run.actions.cancelLead}
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          action.mutate({ kind: 'cancel', reason: reason.trim() || undefined }, { onSuccess: onClose });
        }}
      >
        <Field label={messages.run.actions.cancelReason}>
          {(id) => (
            <TextArea
              id={id}
              data-autofocus
              maxLength={1000}
              rows={2}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        {action.error && <Problem error={action.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{messages.states.cancel}</Button>
          <Button type="submit" look="danger" busy={action.isPending}>
            {messages.run.actions.cancelSubmit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
