import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { Refusal, says } from '@/lib/kernel/refusal';

const cost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 } as const;
const keyBytes = 32;
/** Each takes 32 MB and a tenth of a second of a thread: strangers must not use them all. */
const mostAtOnce = 4;
let running = 0;

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

/** Whether it is this one. null is somebody unknown, and takes as long. */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const [kind, n, salt = '', key = ''] = (stored ?? '').split('$');
  const isKnown = kind === 'scrypt' && n === String(cost.N);
  const wanted = isKnown ? Buffer.from(key, 'base64url') : randomBytes(keyBytes);
  const given = await derive(password, isKnown ? Buffer.from(salt, 'base64url') : randomBytes(16));
  return timingSafeEqual(given, wanted) && isKnown;
}

async function derive(password: string, salt: Buffer): Promise<Buffer> {
  if (running >= mostAtOnce) {
    throw new Refusal(
      'passwords-busy',
      'Too many passwords are being tried at once; try again in a few seconds.',
      says('passwords-busy'),
    );
  }
  running += 1;
  try {
    return await new Promise((done, fail) =>
      scrypt(password.normalize('NFKC'), salt, keyBytes, cost, (error, key) => (error ? fail(error) : done(key))),
    );
  } finally {
    running -= 1;
  }
}
