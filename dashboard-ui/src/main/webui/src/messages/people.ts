import { plural } from './common';

const rules = 'At least 12 characters; a sentence is easier to remember than a puzzle.';

export const people = {
  roles: { viewer: 'viewer', operator: 'operator', approver: 'approver', admin: 'administrator' },
  roleMeans: {
    viewer: 'Reads what the whole team may see, and their own plans.',
    operator: 'Asks for plans, and runs what was approved.',
    approver: 'Reads everybody’s plans, approves and rejects them.',
    admin: 'All of this, and keeps people and overrides locks.',
  },
  rules,
  list: {
    title: 'People',
    lead: 'Who may sign in, and what they may do. Every change is in the audit trail and holds at once.',
    team: 'Team',
    add: 'Add a person',
    you: 'you',
    active: 'active',
    disabled: 'disabled',
    empty: 'This team has no people yet',
    emptyBody: 'Add its administrator first; they can add the others.',
    columns: { name: 'Name', roles: 'Roles', state: 'State', since: 'Added', actions: 'Actions' },
    change: 'Change',
    changeOf: (name: string) => `Change ${name}`,
    password: 'New password',
    passwordOf: (name: string) => `New password for ${name}`,
    delete: 'Delete',
    deleteOf: (name: string) => `Delete ${name}`,
  },
  add: {
    title: 'Add a person',
    lead: (team: string) =>
      `To the team ${team}. Tell them the password yourself; they change it under Account.`,
    name: 'User name',
    password: 'First password',
    submit: 'Add',
    busy: 'Adding',
  },
  change: {
    lead: 'Access tokens that are out end at once; the person stays signed in with the new rights.',
    roles: 'What they may do',
    disabled: 'Disabled: cannot sign in, and is signed out everywhere',
    submit: 'Save',
    busy: 'Saving',
  },
  reset: {
    lead: 'Signs them out everywhere. Tell them the new password yourself; they change it under Account.',
    password: 'New password',
    submit: 'Set this password',
    busy: 'Setting it',
  },
  remove: {
    lead: (name: string) =>
      `The account is gone at once and cannot be brought back. The name ${name} stays reserved, so that nobody inherits what was done under it. Disable the account instead if they may come back.`,
    submit: 'Delete the account',
    busy: 'Deleting',
  },
  generate: 'Make one up',
  shown: 'Shown so that you can pass it on; it is not shown again.',
  teams: {
    title: 'Teams',
    lead: 'A team sees its own machines, playbooks, plans and evidence, and nothing of the others.',
    add: 'Add a team',
    addLead: 'Its name cannot be changed later. Lower-case letters, digits and hyphens.',
    name: 'Team name',
    submit: 'Add the team',
    busy: 'Adding',
    columns: { name: 'Team', people: 'People', by: 'Added by', since: 'Added', actions: 'Actions' },
    people: (n: number) => plural(n, 'person', 'people'),
    show: 'Show people',
    showOf: (name: string) => `Show people of ${name}`,
    delete: 'Delete',
    deleteOf: (name: string) => `Delete the team ${name}`,
    deleteLead: (name: string) =>
      `Only a team without people can be deleted. The name ${name} stays reserved, because its evidence stays.`,
    deleteSubmit: 'Delete the team',
  },
};

export const account = {
  title: 'Account',
  lead: 'Who you are to Skein.',
  name: 'User name',
  team: 'Team',
  roles: 'Roles',
  rolesHint: 'An administrator of your team changes these.',
  noPassword: 'You sign in with your provider, so there is no password here.',
  password: {
    title: 'Change the password',
    lead: 'Every other sign-in of yours ends; this one goes on.',
    current: 'Present password',
    next: 'New password',
    again: 'New password again',
    rules,
    different: 'The two new passwords are not the same.',
    submit: 'Change the password',
    busy: 'Changing it',
    done: 'The password is changed. Every other sign-in was ended.',
  },
};

export const register = {
  title: 'Make an account',
  lead: 'Your account starts with few rights; an administrator can give you more.',
  submit: 'Make the account and sign in',
  busy: 'Making the account',
  open: 'No account yet?',
  openAction: 'Make an account',
  back: 'Have one already?',
  backAction: 'Sign in',
  with: (name: string) => `Sign in with ${name}`,
  or: 'or',
  setUp: 'Nobody has an account yet.',
  setUpAction: 'Make the first one',
};
