import { describe, expect, it } from 'vitest';
import { dialectCalled } from '@/lib/relay/dialects/dialects';
import { differencesOf, unknownWords } from '@/lib/relay/shape/compare-shapes';

const kling = dialectCalled('kling') ?? { name: '', reading: null };
const apart = (old: unknown, fresh: unknown, statuses = [200, 200]) =>
  differencesOf(
    kling,
    'GET /x',
    { arm: 'old', status: statuses[0] ?? 0, body: old },
    { arm: 'new', status: statuses[1] ?? 0, body: fresh },
  );
const list = (...states: string[]) => states.map((task_status, at) => ({ task_id: `t${at}`, task_status }));

describe('what callers would see change', () => {
  it.each([
    [{ code: 'success', data: [] }, { code: 0, data: [] }, 'old answers {code:"success"}, new {code:0}'],
    [{ code: 0, data: [] }, { code: 200, data: [] }, 'old answers {code:0}, new {code:200}'],
    [
      { code: 0, data: null },
      { code: 0, data: [], request_id: 'r' },
      'old answers {data:null}, new {data:[…], request_id:"r"}',
    ],
    [{ code: 0, data: {} }, { code: 0 }, 'old answers {data:{…}}, new no data'],
    [[], { code: 0 }, 'old answers a list, new an object'],
    [undefined, { code: 0 }, 'old answers no JSON, new an object'],
    [{ data: list('succeed') }, { data: list('SUCCESS') }, 'old says "succeed" of what is completed, new "SUCCESS"'],
  ])('%j and %j', (old, fresh, sentence) => {
    expect(apart(old, fresh)).toEqual([`GET /x: ${sentence}: callers will see it`]);
  });

  it.each([
    [
      { code: 0, message: 'a', request_id: 'r1' },
      { code: 0, message: 'b', request_id: 'r2' },
    ],
    [{ data: list('succeed', 'failed') }, { data: list('succeed', 'processing') }],
    [{ data: list('succeed') }, { data: [] }],
    [undefined, undefined],
  ])('%j and %j are alike', (old, fresh) => {
    expect(apart(old, fresh)).toEqual([]);
  });

  it('of two statuses the statuses, and of a refusal no envelope that a good answer has', () => {
    expect(apart({ code: 0, data: [] }, { detail: 'no' }, [200, 404])).toEqual([
      'GET /x: old answers HTTP 200, new HTTP 404: callers will see it',
    ]);
    expect(apart({ code: 'fail' }, { code: 1203 }, [404, 400])).toEqual([
      'GET /x: old answers HTTP 404, new HTTP 400: callers will see it',
      'GET /x: old answers {code:"fail"}, new {code:1203}: callers will see it',
    ]);
  });

  it('of a refusal with a good status, as aggregators answer, its envelope too', () => {
    expect(apart({ code: 'task_not_exist', data: null }, { code: 1203, data: null }, [200, 404])[1]).toBe(
      'GET /x: old answers {code:"task_not_exist"}, new {code:1203}: callers will see it',
    );
  });

  it('a state that the dialect has no word for', () => {
    const body = { data: list('succeed', 'FINISHED', 'FINISHED', 'constructor') };
    expect(unknownWords(kling, 'GET /x', { arm: 'new', status: 200, body })).toEqual([
      'GET /x: new says "FINISHED", which kling has no word for; nobody would see such a job end',
      'GET /x: new says "constructor", which kling has no word for; nobody would see such a job end',
    ]);
  });
});
