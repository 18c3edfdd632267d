import type { RolloutFacts } from '../diagnosis';
import { type Finding, ok, problem } from './finding';

/** Every visitor of a site has its publishable key, and inserts as these roles. */
export function checkEventInserters({ eventInserters }: RolloutFacts): Finding {
  const how = 'read the grants and policies of public.analytics_logs';
  const doubted = eventInserters.filter(({ isBelieved }) => !isBelieved);
  if (doubted.length > 0) {
    const roles = doubted.map(({ role }) => role).join(' and ');
    const by = doubted.every(({ byPolicy }) => byPolicy) ? 'a policy' : 'a grant, without row security';
    const fix =
      `revoke insert on public.analytics_logs from ${roles.replace(' and ', ', ')}; where they are yours, ` +
      `insert into sluice.believed_roles (role, reason) values ('${doubted[0]?.role}', 'why')`;
    return problem(
      'events',
      `${roles} may insert events by ${by}: such rows are kept, and no verdict believes them`,
      how,
      fix,
    );
  }
  const believed = eventInserters.map(({ role }) => role).join(' and ');
  if (believed !== '')
    return ok('events', `${believed} may insert events, and sluice.believed_roles believes them`, how);
  return ok('events', 'no role of browsers may insert events', how);
}
