/** Nothing was wrong with the peer: this machine had no file, port, buffer or route left to reach it by. */
const localCodes: ReadonlySet<string> = new Set([
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
  'ENOMEM',
  'EADDRNOTAVAIL',
  'ENETDOWN',
  'ENETUNREACH',
]);

/** Several addresses were tried: it is ours only when none of them failed for another reason. */
export function isLocalFault(error: Error): boolean {
  if (error instanceof AggregateError && error.errors.length > 0) {
    return error.errors.every((each) => each instanceof Error && isLocalFault(each));
  }
  return localCodes.has(codeOf(error));
}

export function codeOf(error: Error): string {
  return 'code' in error && error.code !== undefined ? String(error.code) : error.name;
}
