import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from './pid-file';

const file = 'sluice.owner';

/**
 * The process whose end ends the server. A start that finds a server whose owner is gone takes it over, and the old
 * owner's babysitter, reading another token, leaves it alone.
 */
export function takeOwnership(dir: string, token: string): void {
  writeFileSync(join(dir, file), token, { mode: 0o600 });
}

export function newToken(): string {
  return `${process.pid} ${randomBytes(6).toString('hex')}`;
}

export function ownerPath(dir: string): string {
  return join(dir, file);
}

/** Whether this token is still the server's; after a takeover it is not. */
export function isOwner(dir: string, token: string): boolean {
  try {
    return readFileSync(join(dir, file), 'utf8') === token;
  } catch {
    return false;
  }
}

export function hasLivingOwner(dir: string): boolean {
  try {
    return isAlive(Number(readFileSync(join(dir, file), 'utf8').split(' ')[0]));
  } catch {
    return false;
  }
}
