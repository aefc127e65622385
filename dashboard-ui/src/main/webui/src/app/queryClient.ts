import { QueryClient } from '@tanstack/react-query';
import { asProblem } from '@/api/problem';

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 2_000,
        // What the server refused it refuses again; only silence and 5xx are worth a second try.
        retry: (count, error) => {
          const { status } = asProblem(error);
          return (status === 0 || status >= 500) && count < 2;
        },
        retryDelay: (attempt) => 400 * 2 ** attempt,
      },
      mutations: { retry: false },
    },
  });
}
