import { useRef } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '@/api/api';
import { newKey } from '@/api/key';

/**
 * Asks about the newest plan of a conversation, and is done when the answer is on the page. The idempotency key belongs to the text: a
 * model that answered is not asked, or paid, again when its answer was lost on the way.
 */
export function useQuestion(sessionId: string) {
  const queryClient = useQueryClient();
  const key = useRef({ of: '', value: '' });
  return useMutation({
    mutationFn: (text: string) => {
      if (key.current.of !== text) key.current = { of: text, value: newKey() };
      return api.question(sessionId, text, key.current.value);
    },
    onSuccess: () => {
      key.current = { of: '', value: '' };
      return queryClient.invalidateQueries({ queryKey: ['session', sessionId] });
    },
  });
}
