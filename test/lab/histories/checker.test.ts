import { describe, expect, it } from 'vitest';
import { checkHistory } from './checker';
import type { JournalRow, Line, Remains } from './history';

const row = (seq: number, more: Partial<JournalRow> = {}): JournalRow => ({
  ...{ seq, actor: 'operator:admin', verb: 'weights', reason: null, stage_from: 'D1', stage_to: 'D1' },
  ...{ becomes: '{"fal":0.9,"runware":0.1}', version: seq, version_from: seq === 1 ? null : seq - 1 },
  ...more,
});
const rest = { becomes: '{"fal":1,"runware":0}' };

function told(journal: readonly JournalRow[], lines: readonly Line[] = [], more: Partial<Remains> = {}) {
  return checkHistory(lines, {
    baseline: 'fal',
    journal,
    version: journal.at(-1)?.version ?? 0,
    journalFaults: [],
    events: {},
    ...more,
  }).faults;
}

const did = (n: number, op: 'weights' | 'read' | 'generate', from: number, to: number, result: object): Line[] => [
  { type: 'invoke', n, client: 'client-0', op, at: from, split: 'gen' },
  { type: 'ok', n, at: to, ...result },
];

describe('a history is faulty when', () => {
  it('nothing is: it is not', () => {
    const journal = [row(1), row(2, { reason: 'operation 7' })];
    expect(told(journal, did(7, 'weights', 0, 1, { version: 2, against: 1 }))).toEqual([]);
  });

  it('versions do not form one chain', () => {
    expect(told([row(1), row(2, { version_from: 0 })])).toHaveLength(1);
    expect(told([row(1), row(2, { version: 1 })])).not.toEqual([]);
    expect(told([row(1)], [], { version: 2 })).toHaveLength(1);
  });

  it('a hash does not verify', () => {
    expect(told([row(1)], [], { journalFaults: ['1: its content was changed'] })).toHaveLength(1);
  });

  it('an acknowledged write is not in the journal, or a refused one is', () => {
    expect(told([row(1)], did(7, 'weights', 0, 1, { version: 2, against: 1 }))).toHaveLength(1);
    const refused: Line[] = [
      { type: 'invoke', n: 7, client: 'client-0', op: 'weights', at: 0, split: 'gen' },
      { type: 'fail', n: 7, at: 1 },
    ];
    expect(told([row(1), row(2, { reason: 'operation 7' })], refused)).toHaveLength(1);
  });

  it('a promotion lands by a version older than the last rollback', () => {
    const journal = [row(1), row(2, { ...rest, verb: 'rollback' }), row(3, { reason: 'operation 7' })];
    const faults = told(journal, did(7, 'weights', 0, 1, { version: 3, against: 1 }));
    expect(faults.join()).toContain('older than the rollback of version 2');
  });

  it('a promotion of one arm is older than a rollback of that arm, and only then', () => {
    const three = (becomes: object, more: Partial<JournalRow> = {}) => ({ becomes: JSON.stringify(becomes), ...more });
    const gone = (arm: 'x' | 'y') => three({ fal: 0.9, x: 0.1, y: 0.1, [arm]: 0 }, { verb: 'rollback' });
    const journal = (arm: 'x' | 'y') => [
      row(1, three({ fal: 0.8, x: 0.1, y: 0.1 })),
      row(2, gone(arm)),
      row(3, three({ fal: 0.7, x: 0.3, y: 0 }, { reason: 'operation 7', version_from: 2 })),
    ];
    const lines = did(7, 'weights', 0, 1, { version: 3, against: 1 });
    expect(told(journal('x'), lines).join()).toContain('promoted x by version 1');
    expect(told(journal('y'), lines).join()).not.toContain('promoted');
  });

  it('a rollback of one arm moves another', () => {
    const journal = [
      row(1, { becomes: '{"fal":0.7,"x":0.2,"y":0.1}' }),
      row(2, { becomes: '{"fal":0.95,"x":0,"y":0.05}', verb: 'rollback' }),
    ];
    expect(told(journal).join()).toContain('moved y from 0.1 to 0.05');
  });

  it('the watchdog rolls back what is at rest', () => {
    const watchdog = { ...rest, actor: 'watchdog', verb: 'rollback' };
    expect(told([row(1), row(2, watchdog)])).toEqual([]);
    expect(told([row(1), row(2, watchdog), row(3, watchdog)])).toHaveLength(1);
  });

  it('one life of a reader goes back; two lives may', () => {
    const reads = (second: string) => [
      ...did(1, 'read', 0, 1, { version: 2, by: 'web-0#1' }),
      ...did(2, 'read', 2, 3, { version: 1, by: second }),
    ];
    expect(told([row(1), row(2)], reads('web-0#1'))).toHaveLength(1);
    expect(told([row(1), row(2)], reads('web-0#2'))).toEqual([]);
  });

  it('a request goes where its version gives nothing', () => {
    const answer = { version: 1, arm: 'runware', attempts: 1, requestId: 'a', by: 'web-0#1' };
    const events = { a: { ends: 1, routes: 1 } };
    expect(told([row(1)], did(1, 'generate', 0, 1, answer), { events })).toEqual([]);
    expect(told([row(1, rest)], did(1, 'generate', 0, 1, answer), { events })).toHaveLength(1);
  });

  it('an answered request is not in the log, unless its process was killed before it could write', () => {
    const answer = { version: 1, arm: 'runware', attempts: 1, requestId: 'a', by: 'web-0#1' };
    const lines = did(1, 'generate', 0, 10, answer);
    const kill = (at: number, target: string): Line => ({ type: 'fault', what: 'kill', target, at });
    expect(told([row(1)], lines)).toHaveLength(1);
    expect(told([row(1)], [...lines, kill(100, 'web-0#1')])).toEqual([]);
    expect(told([row(1)], [...lines, kill(100, 'web-1#1')])).toHaveLength(1);
    expect(told([row(1)], [...lines, kill(9000, 'web-0#1')])).toHaveLength(1);
    expect(told([row(1)], lines, { events: { a: { ends: 2, routes: 1 } } })).toHaveLength(1);
  });
});
