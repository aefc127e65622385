/** Every word a person reads, in one place, so that it can be reviewed and translated as one. */
import { common } from './messages/common';
import { fleet } from './messages/fleet';
import { account, people, register } from './messages/people';
import { plans } from './messages/plans';
import { problems } from './messages/problems';
import { refusedSignIn } from './messages/refusedSignIn';
import { run } from './messages/run';
import { tokens } from './messages/tokens';

export const messages = {
  ...common,
  account,
  fleet,
  people,
  plans,
  problems,
  refusedSignIn,
  register,
  run,
  tokens,
};
