import { useRef } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api, type AskOptions } from '@/api/api';
import { newKey } from '@/api/key';

/**
 * Sends a request and opens its plan. The idempotency key belongs to the text: pressing twice, or trying again after a lost
 * answer, finds the plan the first try made instead of making another.
 */
export function useAsk() {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const key = useRef({ of: '', value: '' });
  return useMutation({
    mutationFn: ({ text, ...options }: { text: string } & AskOptions) => {
      const of = JSON.stringify([text, options]);
      if (key.current.of !== of) key.current = { of, value: newKey() };
      return api.ask(text, key.current.value, options);
    },
    onSuccess: (plan) => {
      key.current = { of: '', value: '' };
      queryClient.setQueryData(['plan', plan.id, 'newest'], plan);
      void queryClient.invalidateQueries({ queryKey: ['plans'] });
      void queryClient.invalidateQueries({ queryKey: ['session'] });
      void navigate({ to: '/plans/$id', params: { id: plan.id }, search: {} });
    },
  });
}
