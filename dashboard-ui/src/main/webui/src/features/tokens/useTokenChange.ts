import { useMutation, useQueryClient } from '@tanstack/react-query';

/** A change to the tokens: the list is read again, also after a refusal, which often means it was out of date. */
export function useTokenChange<T>(change: () => Promise<T>, onDone: (answer: T) => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: onDone,
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['tokens'] }),
    // The text of a new token must not stay in the cache of mutations.
    gcTime: 0,
  });
}
