import type { Role } from '@/api/types';
import { messages } from '@/messages';

const order: Role[] = ['viewer', 'operator', 'approver', 'admin'];

/** Everybody reads, and an administrator may do everything: what follows from another choice is checked and fixed. */
export function RoleChoice({ roles, onChange }: { roles: Role[]; onChange: (roles: Role[]) => void }) {
  const admin = roles.includes('admin');
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1.5 text-sm font-[560] text-ink-2">{messages.people.change.roles}</legend>
      {order.map((role) => {
        const implied = role === 'viewer' || (admin && role !== 'admin');
        return (
          <label key={role} className="grid grid-cols-[20px_1fr] items-start text-sm">
            <input
              type="checkbox"
              className="mt-0.5 size-4 accent-accent"
              checked={implied || roles.includes(role)}
              disabled={implied}
              onChange={(event) =>
                onChange(event.target.checked ? [...roles, role] : roles.filter((each) => each !== role))
              }
            />
            <span>
              {messages.people.roles[role]}
              <span className="block text-xs text-ink-3">{messages.people.roleMeans[role]}</span>
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}
