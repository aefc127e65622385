import { useMutation, useQueryClient } from '@tanstack/react-query';

/** A change to people or teams: both lists are read again, also after a refusal, which often means they were out of date. */
export function useChange(change: () => Promise<unknown>, onDone: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: onDone,
    onSettled: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: ['people'] }),
        queryClient.invalidateQueries({ queryKey: ['teams'] }),
      ]),
  });
}
