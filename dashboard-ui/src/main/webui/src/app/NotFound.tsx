import { Link } from '@tanstack/react-router';
import { messages } from '@/messages';
import { Page } from '@/ui/Page';

export function NotFound() {
  return (
    <Page title={messages.states.notFoundTitle} lead={messages.states.notFoundBody}>
      <Link to="/" className="text-accent underline underline-offset-2">
        {messages.states.home}
      </Link>
    </Page>
  );
}
