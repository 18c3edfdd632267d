/** The address at which this machine reaches what listens there. */
export function localUrl(host: string, port: number): string {
  // Node opens `::` for both families.
  const near = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${near.includes(':') ? `[${near}]` : near}:${port}`;
}
