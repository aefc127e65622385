import { api } from '@/api/api';
import type { ApiToken } from '@/api/types';
import { messages } from '@/messages';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Problem } from '@/ui/Problem';
import { useTokenChange } from './useTokenChange';

const text = messages.tokens;

export function RevokeToken({ token, onClose }: { token: ApiToken; onClose: () => void }) {
  const revoke = useTokenChange(() => api.revokeToken(token.id), onClose);
  return (
    <Dialog open onClose={onClose} title={text.revokeOf(token.name)} lead={text.remove.lead}>
      <div className="grid gap-4">
        {revoke.error && <Problem error={revoke.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{messages.states.cancel}</Button>
          <Button
            look="danger"
            busy={revoke.isPending}
            busyText={text.remove.busy}
            onClick={() => revoke.mutate()}
          >
            {text.remove.submit}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
