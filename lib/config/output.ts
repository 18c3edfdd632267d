let isHeard = false;

/** What is printed onto a full disk, or into a closed pipe, is lost: no reason for a server to end. */
export function outliveOutput(): void {
  if (isHeard) return;
  isHeard = true;
  for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
}
