import { describe, expect, it } from 'vitest';
import { readDialect } from '@/lib/registry/dialects/read-dialect';
import { dialectCalled, dialectNames } from '@/lib/relay/dialects/dialects';
import { filmRules } from '@/test/support/own-dialect';

const faultsOf = (rules: unknown) => {
  const reading = readDialect(rules);
  return reading.ok ? [] : reading.faults;
};
const [create] = filmRules.creates;
const [poll] = filmRules.polls;

describe('the rules of a dialect', () => {
  it.each(dialectNames.filter((name) => name !== 'generic'))('%s is said as one of one’s own would be', (name) => {
    const { name: _, ...rules } = dialectCalled(name) ?? { name: '' };
    const written = JSON.parse(JSON.stringify(rules));
    expect(readDialect(written)).toEqual({ ok: true, rules: written });
  });

  it('may leave out what is usual', () => {
    const { creates, reading } = filmRules;
    const { words, state, id } = reading;
    expect(readDialect({ creates, reading: { words, state, id } })).toMatchObject({
      ok: true,
      rules: {
        ...{ polls: [], lists: [], modelAt: [], free: [], reading: { task: [''], kind: 'file', outputs: [] } },
        pace: { firstMs: 10_000, floorMs: 5000, mostMs: 30_000, ageLimitMs: 7_200_000 },
        error: { body: { error: { message: '{sentence}', code: '{code}' } } },
      },
    });
  });

  it.each([
    [null, 'the rules is null; it must be an object with creates'],
    [{ ...filmRules, name: 'film' }, 'the rules have the unknown key "name"; check its spelling'],
    [{ ...filmRules, creates: [] }, 'creates is []; it must name what begins a job; where nothing does'],
    [{ ...filmRules, creates: [{ ...create, method: 'TAKE' }] }, 'creates[0].method is "TAKE"; it must be GET, POST'],
    [
      { ...filmRules, creates: [{ ...create, path: 'films' }] },
      'creates[0].path is "films"; it must be a path such as',
    ],
    [{ ...filmRules, creates: [{ ...create, path: '/a{b*}{c*}' }] }, '{name*} at most once'],
    [{ ...filmRules, creates: [{ ...create, path: '/a/{b}{c}' }] }, 'creates[0].path is'],
    [{ ...filmRules, creates: [{ ...create, path: '/{b}/{b}' }] }, 'it must use each name once'],
    [{ ...filmRules, creates: [{ ...create, path: '/films/(a+)+' }] }, 'creates[0].path is'],
    [{ ...filmRules, creates: [{ ...create, id: ['film/id'] }] }, 'creates[0].id[0] is "film/id"; it must be a JSON'],
    [{ ...filmRules, creates: [{ ...create, id: [] }] }, 'must say where the answer names the job'],
    [{ ...filmRules, creates: [{ ...create, follow: undefined }] }, 'creates[0].follow is missing'],
    [
      { ...filmRules, creates: [{ ...create, follow: { method: 'POST', path: '/x', body: { a: ['{reel}'] } } }] },
      'creates[0].follow uses {reel}, which nothing gives',
    ],
    [{ ...filmRules, creates: [{ ...create, model: '{owner}' }] }, 'creates[0].model uses {owner}, which nothing'],
    [{ ...filmRules, polls: [{ ...poll, does: 'look' }] }, 'polls[0].does is "look"; it must be status, result'],
    [
      { ...filmRules, polls: [{ ...poll, idAt: { in: 'path', name: 'film' } }] },
      'polls[0].idAt.name is "film"; it must be a name in its path, which has id',
    ],
    [{ ...filmRules, reading: undefined }, 'reading is missing'],
    [{ ...filmRules, reading: { ...filmRules.reading, words: { cut: 'ended' } } }, 'reading.words.cut is "ended"'],
    [{ ...filmRules, reading: { ...filmRules.reading, words: { a: 'failed' } } }, 'must have a word for completed'],
    [
      { ...filmRules, reading: { ...filmRules.reading, words: { Cut: 'completed' } } },
      'must be a word in small letters',
    ],
    [{ ...filmRules, pace: { firstMs: 5 } }, 'pace.firstMs is 5; it must be a whole number of milliseconds from 1000'],
    [{ ...filmRules, free: [{ method: 'GET', path: '/films/{id}' }] }, 'free[0].path is "/films/{id}"; it must be a'],
    [{ ...filmRules, error: { body: { a: 'no' } } }, 'error.body is {"a":"no"}; it must hold {sentence} somewhere'],
    [
      { ...filmRules, error: { ...filmRules.error, by: { n: { '200': 1 } } } },
      'it must be a status such as 404, 4xx or 5xx',
    ],
  ])('%j is refused with its place', (rules, sentence) => {
    expect(faultsOf(rules).join('\n')).toContain(sentence);
  });
});
