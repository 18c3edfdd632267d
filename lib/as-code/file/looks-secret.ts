/** What gives a key, a token or a webhook's address away, wherever it stands. */
const shapes: readonly RegExp[] = [
  /(?<![A-Za-z0-9])(?:sk|pk|rk|slc|ghp|gho|ghs|glpat|xox[abeprs]|whsec|hf|r8|npm|shpat)[-_](?=[A-Za-z0-9_-]*\d)[A-Za-z0-9_-]{16,}/,
  /(?<![A-Za-z0-9])(?:AKIA|ASIA|AIza)[A-Za-z0-9_-]{12,}/,
  /(?<![A-Za-z0-9])eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/,
  /-----BEGIN [A-Z ]*KEY/,
  /\bBearer\s+[A-Za-z0-9._~+/-]{8,}/i,
  /\b[a-z][a-z0-9+.-]*:\/\/[^\s/@:]*:[^\s/@]+@/i,
  /[?&](?:access_?token|token|api_?key|key|secret|sign)=[^&\s"'$]{6,}/i,
  /hooks\.slack\.com\/(?:services|workflows)\/\w|\/open-apis\/bot\/v\d\/hook\/\w|dingtalk\.com\/robot\/send|weixin\.qq\.com\/cgi-bin\/webhook/i,
];

const leastRun = 24;
const leastChanges = 6;

/** Where in a line something stands that looks like a secret; -1 where nothing does. */
export function secretAt(text: string): number {
  const at = shapes.map((shape) => text.search(shape)).filter((each) => each >= 0);
  for (const { index, 0: run } of text.matchAll(/[A-Za-z0-9]+/g)) if (looksDrawn(run)) at.push(index);
  return at.length === 0 ? -1 : Math.min(...at);
}

/** Long, of letters and digits, and going to and fro between them: no name looks so. */
function looksDrawn(run: string): boolean {
  if (run.length < leastRun || !/\d/.test(run) || !/[A-Za-z]/.test(run)) return false;
  const kinds = [...run].map((sign) => (/\d/.test(sign) ? 'digit' : /[a-z]/.test(sign) ? 'small' : 'capital'));
  return kinds.filter((kind, at) => at > 0 && kind !== kinds[at - 1]).length >= leastChanges;
}

const names =
  /^(?:(?:api|access|private|secret|auth|sealed)[-_]?(?:key|token)s?|keys?|secrets?|tokens?|passw(?:or)?d|passphrase|authorization|credentials?|bearer|(?:client|signing)[-_]?secret)$/i;

/** Whether a member of this name holds a secret when it holds a text. */
export const isSecretName = (name: string): boolean => names.test(name);

/** `${NAME}`: the variable of the environment that holds what the file must not. */
export const referenceShape = /^\$\{([A-Z][A-Z0-9_]{0,63})\}$/;

/** null: the text is no reference. */
export function referenceIn(text: string): string | null {
  return referenceShape.exec(text)?.[1] ?? null;
}
