import { operatorStore } from '@/lib/access/operator-store';
import { sessionStore } from '@/lib/access/session-store';
import { createSignInLink } from '@/lib/access/sign-in';
import { connect } from '@/lib/postgres/connection';

/** A link opens no session yet: how long one lasts is for the web process that opens it. */
const noRules = { idleSeconds: 0, adminCredential: null };

/** A way in for the person at this machine, as long as no operator has been added; null afterwards. */
export async function firstStartLink(databaseUrl: string, url: string): Promise<string | null> {
  // No more than this is loaded: the first start waits for it.
  const sql = connect(databaseUrl, { name: 'first start', max: 1 });
  try {
    const operators = await operatorStore(sql).list();
    if (operators.some(({ revokedAtMs }) => revokedAtMs === null)) return null;
    return `${url}${await createSignInLink({ sessions: sessionStore(sql, noRules) }, 'admin')}`;
  } finally {
    await sql.end({ timeout: 2 });
  }
}
