import type { Role } from '@/lib/api/roles';

/** What the page offers; the API decides again, in each handler. */
export function mayOperate(role: Role | undefined): boolean {
  return role === 'operator' || role === 'admin';
}

/** An acknowledged emergency: going on although a gate is closed. */
export function mayOverride(role: Role | undefined): boolean {
  return mayOperate(role);
}
