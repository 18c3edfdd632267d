import type { z } from 'zod';
import {
  type Identities,
  type OpenSession,
  sendSignInCode,
  signInWithCode,
  signInWithLink,
  signInWithMailedLink,
  signInWithName,
  signInWithPassword,
  signInWithToken,
} from '@/lib/access/sign-in';
import { fieldFault } from '@/lib/http/body/read-body';
import { fields, flag, shortText } from '@/lib/http/body/read-fields';
import { Problem } from '@/lib/http/problem';

const text = (description: string) => shortText(description).optional();

export const signInBody = fields({
  mfa_code: text('of the second factor, beside password or code'),
  token: text('SLUICE_ADMIN_TOKEN or an operator token'),
  link: text('of a one-time sign-in link'),
  token_hash: text('of a mailed link'),
  name: text('of an operator of ours, with password'),
  password: text('with name or email'),
  code: text('from the mail; with email'),
  email: text('with password, code or send_code (Supabase)'),
  send_code: flag('mail me a link and a code'),
});

export type SignInFields = z.output<typeof signInBody>;

/** Signs in by whichever way the body names. 'sent': a mail is on its way. */
export async function signInBy(
  identities: Identities,
  asked: SignInFields,
  publicUrl: string | null,
): Promise<OpenSession | 'sent'> {
  const { token, link, token_hash, name, password, code, mfa_code = null } = asked;
  if (token !== undefined) return signInWithToken(identities, token);
  if (link !== undefined) return signInWithLink(identities, link);
  if (token_hash !== undefined) return signInWithMailedLink(identities, token_hash);
  if (password !== undefined && name !== undefined) return signInWithName(identities, name.trim(), password);
  if (password !== undefined) return signInWithPassword(identities, emailOf(asked), password, mfa_code);
  if (code !== undefined) return signInWithCode(identities, emailOf(asked), code, mfa_code);
  if (asked.send_code) {
    await sendSignInCode(identities, emailOf(asked), publicUrl && `${publicUrl}/sign-in`);
    return 'sent';
  }
  throw new Problem(
    422,
    'body-invalid',
    'Name one way in: token, link, token_hash, name with password, or email with password, code or send_code.',
  );
}

function emailOf({ email }: SignInFields): string {
  if (email !== undefined) return email;
  throw fieldFault('body-invalid', '/email', 'must be text of 1 to 200 characters');
}
