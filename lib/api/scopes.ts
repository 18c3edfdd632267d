/**
 * `generate`: images, and vouchers for them · `relay`: what is sent on unread · `assign`: a door to come · `events`: events about the caller's own
 * requests · `metrics`: the page of Prometheus · `events:foreign`: about requests of any caller · `events:backfill`: about
 * times longer ago.
 */
export const scopes = [
  'generate',
  'relay',
  'assign',
  'events',
  'metrics',
  'events:foreign',
  'events:backfill',
] as const;
export type Scope = (typeof scopes)[number];
