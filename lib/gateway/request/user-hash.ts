import { createHmac } from 'node:crypto';
import type { Sql } from '@/lib/postgres/sql';
import { queryWithin } from '@/lib/postgres/transaction';

const hexDigits = 16;

/**
 * What events say of a request's user: the same for all of their requests, whichever process serves them, and nothing
 * that leads back to the user without the salt, which stands in the database and never in an event.
 */
export class UserHash {
  // Not `private`: what is printed of an object shows those.
  #salt: Uint8Array | null = null;

  get isKnown(): boolean {
    return this.#salt !== null;
  }

  learn(salt: Uint8Array): void {
    this.#salt = salt;
  }

  /** undefined as long as the store has not given the salt: a hash without it would say who it is. */
  of(user: string): string | undefined {
    if (this.#salt === null) return undefined;
    return createHmac('sha256', this.#salt).update(user).digest('hex').slice(0, hexDigits);
  }
}

const withinMs = 2000;

/** The salt that all processes share; null where its row was deleted. */
export async function readUserSalt(sql: Sql): Promise<Uint8Array | null> {
  const [row] = await queryWithin(
    withinMs,
    sql<{ salt: Uint8Array }[]>`select s.salt from sluice.user_salt s`,
    'reading the salt of user_hash',
  );
  return row?.salt ?? null;
}
