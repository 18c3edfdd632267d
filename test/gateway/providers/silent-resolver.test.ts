import { expect, it } from 'vitest';
import type { Resolve } from '@/lib/gateway/providers/resolver';
import { openUpstream } from '@/lib/gateway/providers/upstream';
import type { Deadline } from '@/lib/kernel/deadline';

/** Never answers for the provider; of other names it knows some. */
const silentBut =
  (known: readonly string[]): Resolve =>
  (name, _, found) => {
    if (name === 'api.silent.ai') return;
    if (known.includes(name)) found(null, [{ address: '127.0.0.1', family: 4 }]);
    else found(Object.assign(new Error('EAI_AGAIN'), { code: 'EAI_AGAIN' }), []);
  };

it.each([
  [['api.other.ai'], ['api.other.ai'], 'connect'],
  [['api.other.ai'], [], 'local'],
  [[], [], 'local'],
])(
  'a name that is silent at the deadline, with %j to compare and %j known, is a fault of kind %s',
  async (...given) => {
    const [witnesses, known, kind] = given;
    const upstream = openUpstream('http://api.silent.ai', { witnesses, resolve: silentBut(known) });
    const deadline = Object.assign(AbortSignal.timeout(50), { isCut: false }) as unknown as Deadline;
    const answer = await upstream.call({ method: 'GET', path: '/', headers: {}, body: null }, deadline);
    expect(answer).toMatchObject({ kind: 'broken', errorKind: kind, sent: false });
    await upstream.close();
  },
);
