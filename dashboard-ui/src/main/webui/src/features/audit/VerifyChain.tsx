import { useState } from 'react';
import { useMutation } from '@tanstack/react-query';
import { api } from '@/api/api';
import type { AuditVerdict } from '@/api/types';
import { messages } from '@/messages';
import { Button } from '@/ui/Button';
import { Copyable } from '@/ui/Copyable';
import { Dialog } from '@/ui/Dialog';
import { Mark } from '@/ui/Mark';
import { Problem } from '@/ui/Problem';

const text = messages.fleet.audit;

/** Only an explicit yes counts: an answer this page does not understand is not a whole chain. */
export const isWhole = (verdict: AuditVerdict) => verdict.valid === true;

function Verdict({ verdict }: { verdict: AuditVerdict }) {
  const head = verdict.chainHead;
  if (isWhole(verdict)) {
    return (
      <div className="grid gap-2 text-sm">
        <p className="flex items-center gap-2 font-[600] text-ok">
          <Mark tone="ok" />
          {text.verified(verdict.entries, verdict.commits)}
        </p>
        {head && (
          <p className="text-ink-2">
            {text.verifiedHead} <Copyable text={head} label={text.verifiedHead} head={10} tail={10} />
          </p>
        )}
      </div>
    );
  }
  return (
    <div role="alert" className="grid gap-1 text-sm">
      <p className="flex items-center gap-2 font-[600] text-bad">
        <Mark tone="bad" />
        {text.tampered}
      </p>
      <p className="text-ink-2">{verdict.reason ?? text.tamperedMeans}</p>
      <p>{text.tamperedTodo}</p>
      {verdict.firstBad?.id && (
        <p>
          <Copyable text={verdict.firstBad.id} label={text.detail} head={13} tail={8} />
        </p>
      )}
    </div>
  );
}

export function VerifyChain() {
  const [open, setOpen] = useState(false);
  const verify = useMutation({ mutationFn: api.verifyChain, onSettled: () => setOpen(true) });
  return (
    <>
      <Button small busy={verify.isPending} busyText={text.verifying} onClick={() => verify.mutate()}>
        {text.verify}
      </Button>
      <Dialog open={open} onClose={() => setOpen(false)} title={text.verify}>
        {verify.data && <Verdict verdict={verify.data} />}
        {verify.error && <Problem error={verify.error} onRetry={() => verify.mutate()} />}
      </Dialog>
    </>
  );
}
