import { createSignInLink } from '@/lib/access/sign-in';
import { openAccessAt } from '@/lib/process/web';

/** A way in for whoever sits at this machine, as long as no operator has been added; null afterwards. */
export async function firstStartLink(databaseUrl: string, url: string): Promise<string | null> {
  const none = { supabaseUrl: null, supabaseKey: null, publicUrl: null, allowPrivateWebhooks: false };
  const access = openAccessAt(databaseUrl, none, 'first start');
  try {
    const operators = await access.door.operators.list();
    if (operators.some(({ revokedAtMs }) => revokedAtMs === null)) return null;
    return `${url}${await createSignInLink(access.door, 'admin')}`;
  } finally {
    await access.close();
  }
}
