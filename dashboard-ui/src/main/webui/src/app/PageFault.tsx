import type { ErrorComponentProps } from '@tanstack/react-router';
import { Problem } from '@/ui/Problem';

export function PageFault({ error, reset }: ErrorComponentProps) {
  return (
    <div className="p-8">
      <Problem error={error} onRetry={reset} />
    </div>
  );
}
