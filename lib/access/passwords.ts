import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { Refusal, says } from '@/lib/kernel/refusal';

const cost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 } as const;
const keyBytes = 32;
/** Each takes 32 MB, and a tenth of a second of one of the four threads that files and DNS need as well. */
const mostAtOnce = 2;
const mostWaiting = 8;
const patienceMs = 2000;
let running = 0;
const waiting: (() => void)[] = [];

const least = 12;
const most = 200;

/** Why it cannot be a password; null when it can. */
export function passwordFault(password: string) {
  const n = password.length;
  if (n < least) {
    const sentence = `the password has ${n} characters; it needs at least ${least}`;
    return { sentence, members: says('password-short', { n, least }) };
  }
  if (n > most) {
    const sentence = `the password has ${n} characters; at most ${most} are taken`;
    return { sentence, members: says('password-long', { n, most }) };
  }
  if (new Set(password).size >= 5) return null;
  const sentence = 'the password repeats a few characters; choose a longer phrase';
  return { sentence, members: says('password-repeats') };
}

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt);
  return ['scrypt', cost.N, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/** Whether it is the stored one. null: there is no such operator, which takes as long to say. */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const [kind, n, salt = '', key = ''] = (stored ?? '').split('$');
  const isKnown = kind === 'scrypt' && n === String(cost.N);
  const wanted = isKnown ? Buffer.from(key, 'base64url') : randomBytes(keyBytes);
  const given = await derive(password, isKnown ? Buffer.from(salt, 'base64url') : randomBytes(16));
  return timingSafeEqual(given, wanted) && isKnown;
}

async function derive(password: string, salt: Buffer): Promise<Buffer> {
  await turn();
  try {
    return await new Promise((done, fail) =>
      scrypt(password.normalize('NFKC'), salt, keyBytes, cost, (error, key) => (error ? fail(error) : done(key))),
    );
  } finally {
    handOn();
  }
}

async function turn(): Promise<void> {
  if (running < mostAtOnce) {
    running += 1;
    return;
  }
  if (waiting.length >= mostWaiting) throw busy();
  await new Promise<void>((begin, fail) => {
    const mine = () => {
      clearTimeout(late);
      begin();
    };
    const late = setTimeout(() => {
      waiting.splice(waiting.indexOf(mine), 1);
      fail(busy());
    }, patienceMs);
    waiting.push(mine);
  });
}

/** The place goes to the call that has waited longest. */
function handOn(): void {
  const next = waiting.shift();
  if (next === undefined) running -= 1;
  else next();
}

function busy(): Refusal {
  const detail = 'Too many passwords are being tried at once; try again in a few seconds.';
  return new Refusal('passwords-busy', detail, says('passwords-busy'));
}
