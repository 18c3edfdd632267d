import { describe, expect, it } from 'vitest';
import { type CompiledModel, compileModel } from '@/lib/gateway/models/compile-model';
import type { ImageRequest } from '@/lib/gateway/models/image-request';
import { listPriceUsd } from '@/lib/gateway/models/list-price';
import { row } from './rows';

const seconds = (values: Record<string, unknown>) => ({ duration: { to: 'duration', values, default: 5 } });
const price = { usd: 0.4, per: 'second', by: ['audio'], at: { '* false': 0.2 } };
const audio = { audio: { to: 'generate_audio', type: 'flag', default: true } };

function compiled(params: Record<string, unknown>, more = {}): CompiledModel {
  const model = compileModel(row('m', 'fal', params, more), 'fal');
  if (typeof model === 'string') throw new Error(model);
  return model;
}
const ask = (more: Partial<ImageRequest> = {}): ImageRequest => ({ prompt: null, n: 1, requestId: 'r', ...more });

describe('a length in seconds', () => {
  it.each([
    ['as text', { 5: '5', 10: '10' }, '10'],
    ['as text with a unit', { 5: '5s', 10: '10s' }, '10s'],
    ['as one of few numbers', { 5: 5, 10: 10 }, 10],
  ])('is said %s', (_, values, theirs) => {
    const model = compiled(seconds(values));
    expect(model.tell(ask({ params: { duration: 10 } })).fields).toEqual({ duration: theirs });
    expect(model.tell(ask()).fields).toEqual({ duration: Object.values(values)[0] });
    expect(model.read({ duration: theirs }).params).toEqual({ duration: 10 });
    expect(model.secondsOf(ask())).toBe(5);
  });

  it.each([7, '10', null, 10.5])('cannot be %s where that is none of them', (duration) => {
    const lost = compiled(seconds({ 5: '5', 10: '10' })).lostOf(ask({ params: { duration } }));
    expect(lost).toEqual([{ field: 'duration', why: 'must be one of 5, 10' }]);
  });

  it('makes the price, by what else makes it', () => {
    const model = compiled({ ...seconds({ 5: '5', 10: '10' }), ...audio }, { price });
    expect(listPriceUsd(model, ask(), 1)).toBe(2);
    expect(listPriceUsd(model, ask({ params: { duration: 10, audio: false }, aspectRatio: '9:16' }), 2)).toBe(4);
    expect(listPriceUsd(compiled({}, { price }), ask(), 1)).toBeNull();
  });
});

describe('a size that nobody asked for', () => {
  it('is the ratio that the row names', () => {
    const size = { as: 'ratio', to: 'aspect_ratio', values: ['16:9', '1:1'], default: '16:9' };
    expect(compiled({ size }).tell(ask()).fields).toEqual({ aspect_ratio: '16:9' });
    expect(compiled({ size: { ...size, default: undefined } }).tell(ask()).fields).toEqual({ aspect_ratio: '1:1' });
  });

  it('is the one of the listed sides that the row names', () => {
    const size = { as: 'sides', width: 'width', height: 'height', values: ['720x720', '1280x720'] };
    expect(compiled({ size: { ...size, default: '1280x720' } }).tell(ask()).fields).toEqual({
      width: 1280,
      height: 720,
    });
    expect(compiled({ size }).tell(ask()).fields).toEqual({ width: 720, height: 720 });
  });
});
