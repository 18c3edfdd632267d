import type { Incoming } from '@/lib/http/message';
import { Problem } from '@/lib/http/problem';

interface PlatformSaid {
  /** Only FAL can be told these: such a request goes to an arm of FAL. */
  readonly headers: Readonly<Record<string, string>>;
  /** These are passed on to no provider. */
  readonly leftOut: readonly string[];
}

const asSaid = [
  ...['x-fal-request-timeout', 'x-fal-store-io', 'x-fal-object-lifecycle', 'x-fal-object-lifecycle-preference'],
] as const;
/** A hint may be ignored; of its own retries and fallbacks FAL is always asked to keep none, so that a failure is seen. */
const left: readonly (readonly [name: string, isUsual: RegExp])[] = [
  ['x-fal-runner-hint', /^$/],
  ['x-fal-retry-config', /^$/],
  ['x-fal-no-retry', /^(?:1|true|yes)$/i],
  ['x-app-fal-disable-fallback', /^true$/i],
];
const longest = 2048;

/** What a job's headers say to FAL's platform, beside the model's own body. */
export function platformSaid(incoming: Pick<Incoming, 'header'>): PlatformSaid {
  const headers: Record<string, string> = {};
  for (const name of asSaid) {
    const value = incoming.header(name);
    if (value !== null)
      headers[name] = judged(name, value, value.length <= longest, `must have at most ${longest} characters`);
  }
  const priority = incoming.header('x-fal-queue-priority');
  // FAL's own client says the usual one each time.
  if (priority !== null && priority !== 'normal') {
    const name = 'x-fal-queue-priority';
    headers[name] = judged(name, priority, priority === 'low', 'must be normal or low');
  }
  const timeout = headers['x-fal-request-timeout'];
  if (timeout !== undefined)
    judged('x-fal-request-timeout', timeout, Number(timeout) > 0, 'must be a number of seconds');
  const leftOut = left.flatMap(([name, isUsual]) => {
    const value = incoming.header(name);
    return value === null || isUsual.test(value) ? [] : [name];
  });
  return { headers, leftOut };
}

function judged(name: string, value: string, isFit: boolean, rule: string): string {
  if (isFit) return value;
  throw new Problem(
    422,
    'request-invalid',
    `The header ${name} is '${value.slice(0, 32)}'; it ${rule}. No job was made.`,
  );
}
