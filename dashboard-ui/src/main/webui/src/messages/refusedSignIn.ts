/** By the codes of the front door's `Refusal`. */
export const refusedSignIn: Record<string, { what: string; todo: string }> = {
  state: {
    what: 'That sign-in was not begun in this browser, or it took too long',
    todo: 'Begin again with the button below.',
  },
  declined: {
    what: 'The provider did not sign you in',
    todo: 'You said no there, or it does not let you use Skein. Try again, or ask whoever runs the provider.',
  },
  unreachable: {
    what: 'The provider does not answer',
    todo: 'Try again in a minute. Whoever runs Skein finds the reason in the front door’s log.',
  },
  untrusted: {
    what: 'What the provider answered could not be trusted',
    todo: 'Begin again. If it happens again, whoever runs Skein finds the reason in the front door’s log.',
  },
  'no-role': {
    what: 'You have an account there, but no role in Skein',
    todo: 'Ask whoever runs Skein which group you need.',
  },
  'no-team': {
    what: 'The team you are in over there is none in Skein',
    todo: 'Ask whoever runs Skein: the front door’s log names it.',
  },
  disabled: {
    what: 'Your account in Skein is disabled',
    todo: 'An administrator of your team can enable it.',
  },
  'too-many': {
    what: 'Too many sign-ins failed from here',
    todo: 'Wait a minute, then begin again.',
  },
};
