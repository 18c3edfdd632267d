/** The ways in that POST /api/session knows. */
export type Key =
  | { readonly token: string }
  | { readonly link: string }
  | { readonly token_hash: string }
  | { readonly name: string; readonly password: string }
  | { readonly email: string; readonly password: string; readonly mfa_code?: string }
  | { readonly email: string; readonly code: string; readonly mfa_code?: string };

/** A link that carries its key: printed by the first start, or mailed. */
export function keyInLink(search: URLSearchParams): Key | null {
  const [link, mailed] = [search.get('link'), search.get('token_hash')];
  if (link !== null) return { link };
  return mailed === null ? null : { token_hash: mailed };
}

/** An invite stands behind the #: no address that is asked for or logged has it. The page posts it, to say whom it is for. */
export function inviteIn(hash: string): string | null {
  return new URLSearchParams(hash.replace(/^#/, '')).get('invite');
}
