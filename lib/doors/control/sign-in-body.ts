import {
  type Door,
  type OpenSession,
  sendSignInCode,
  signInWithCode,
  signInWithLink,
  signInWithMailedLink,
  signInWithPassword,
  signInWithToken,
} from '@/lib/access/sign-in';
import { type Fields, textOf } from '@/lib/http/body/control-body';
import { Problem } from '@/lib/http/problem';

/** Signs in by whichever way the body names. 'sent': a mail is on its way. */
export async function signInBy(door: Door, fields: Fields, publicUrl: string | null): Promise<OpenSession | 'sent'> {
  const mfaCode = fields.mfa_code === undefined ? null : textOf(fields, 'mfa_code');
  if (fields.token !== undefined) return signInWithToken(door, textOf(fields, 'token'));
  if (fields.link !== undefined) return signInWithLink(door, textOf(fields, 'link'));
  if (fields.token_hash !== undefined) return signInWithMailedLink(door, textOf(fields, 'token_hash'));
  if (fields.password !== undefined)
    return signInWithPassword(door, textOf(fields, 'email'), textOf(fields, 'password'), mfaCode);
  if (fields.code !== undefined) return signInWithCode(door, textOf(fields, 'email'), textOf(fields, 'code'), mfaCode);
  if (fields.send_code === true) {
    await sendSignInCode(door, textOf(fields, 'email'), publicUrl && `${publicUrl}/sign-in`);
    return 'sent';
  }
  throw new Problem(
    422,
    'body-invalid',
    'Name one way in: token, link, token_hash, or email with password, code or send_code.',
  );
}
