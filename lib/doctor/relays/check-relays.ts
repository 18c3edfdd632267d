import { type Check, type Finding, ok, problem, warning } from '../checks/finding';
import { inspectRelay } from './inspect-relay';
import type { RelayLine, RelayUnderTest } from './relay-under-test';

const how = 'went the way of a request: address, DNS, TCP, TLS, key, clock';

/** One line for a relay that is well; one for each step that is not. */
export const relays: Check = async (instruments, signal) => {
  const found = await instruments.relays();
  const each = await Promise.all(
    found.map(async (relay) => findingsOf(relay, await inspectRelay(relay, instruments, signal))),
  );
  return [...each.flat(), ...fewFiles(found.length, instruments.openFiles(found.length))];
};

function findingsOf({ provider }: RelayUnderTest, lines: readonly RelayLine[]): readonly Finding[] {
  const check = `relay ${provider}`;
  const bad = lines.flatMap(({ step, status, what, fix }) => {
    if (status === 'fail') return [problem(check, `${step}: ${what}`, how, fix ?? '')];
    return status === 'warn' ? [warning(check, `${step}: ${what}`, how, fix ?? '')] : [];
  });
  if (bad.length > 0) return bad;
  const said = lines.filter(({ step, status }) => status === 'ok' && step !== 'address').map(({ what }) => what);
  return [ok(check, said.join('; '), how)];
}

/** Every request that is streamed holds two sockets, the caller's and the provider's. */
function fewFiles(relays: number, files: { readonly limit: number; readonly wanted: number } | null): Finding[] {
  if (relays === 0 || files === null) return [];
  const what = `${files.limit} files may be open here (ulimit -n); ${files.wanted} are needed when every connection is in use`;
  const asked = 'read the limit that a process started from here has';
  if (files.limit >= files.wanted) return [ok('open files', what, asked)];
  const fix = 'raise it (LimitNOFILE in systemd, ulimit -n in a shell) or lower SLUICE_PROVIDER_CONNECTIONS';
  return [warning('open files', what, asked, fix)];
}
