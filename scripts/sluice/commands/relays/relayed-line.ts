import { type RelayedLine, relayedMessage } from '@/lib/relay/operate/relayed-line';

export type Relayed = Required<Omit<RelayedLine, 'outcome'>> & { readonly time: string };

/** null: the line is about something else. */
export function relayedIn(line: string): Relayed | null {
  // Most lines are: they are not read.
  if (!line.includes(`"msg":"${relayedMessage}"`)) return null;
  const said = objectIn(line);
  if (said === null || said.msg !== relayedMessage) return null;
  const text = (name: string) => (typeof said[name] === 'string' ? (said[name] as string) : '');
  const number = (name: string) => (typeof said[name] === 'number' ? (said[name] as number) : 0);
  const id = text('id') || text('outcome');
  return {
    ...{
      time: text('time'),
      caller: text('caller'),
      split: text('split'),
      arm: text('arm'),
      provider: text('provider'),
    },
    ...{ method: text('method'), path: text('path'), status: number('status') || null },
    ...{ bytes_in: number('bytes_in'), bytes_out: number('bytes_out'), ms: number('ms') },
    ...{ id: id === '' ? null : id, request_id: text('request_id') },
  };
}

/** Whatever a supervisor wrote before it. */
function objectIn(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const found: unknown = JSON.parse(line.slice(line.indexOf('{')));
    return typeof found === 'object' ? (found as Readonly<Record<string, unknown>> | null) : null;
  } catch {
    return null;
  }
}

export function relayedLine(one: Relayed): string {
  const status = one.status ?? 'no answer';
  const size = `${bytes(one.bytes_in)} in, ${bytes(one.bytes_out)} out`;
  const ids = `${one.id ?? '-'} (${one.request_id})`;
  return `${one.time} ${one.caller} ${one.split}/${one.arm} ${one.method} ${one.path} ${status} ${size}, ${one.ms} ms ${ids}`;
}

function bytes(count: number): string {
  if (count < 1000) return `${count} B`;
  return count < 1_000_000 ? `${(count / 1000).toFixed(1)} kB` : `${(count / 1_000_000).toFixed(1)} MB`;
}
