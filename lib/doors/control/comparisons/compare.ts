import { createHash, randomInt } from 'node:crypto';
import type { ComparedImage, ComparisonMade, ComparisonPrice, ComparisonSide } from '@/lib/api/comparisons-view';
import type { ComparisonStore, KeptComparison } from '@/lib/control/comparisons/comparison-store';
import { requestOf } from '@/lib/doors/sluice/generate';
import type { Wanted } from '@/lib/doors/sluice/plain-request';
import { refuseUnfit } from '@/lib/doors/split-of';
import { generateAt, listedAt, whyNotAt } from '@/lib/gateway/compare/compare-arms';
import type { ImageRequest } from '@/lib/gateway/models/image-request';
import type { DataPlane } from '@/lib/gateway/request/data-plane';
import type { Generated } from '@/lib/gateway/request/ending';
import type { LiveSplit } from '@/lib/gateway/weights/live-split';
import { invalid } from '@/lib/http/body/read-fields';
import { Problem } from '@/lib/http/problem';
import { excerpt } from '@/lib/kernel/excerpt';
import { capital } from '@/lib/kernel/plain-text';
import type { ArmEntry } from '@/lib/registry/registry';

/** A request and the two arms that it is for, the baseline first. */
interface Comparable {
  readonly split: LiveSplit;
  readonly request: ImageRequest;
  readonly arms: readonly [ArmEntry, ArmEntry];
}

interface Asked {
  readonly key: string;
  readonly wanted: Wanted;
  readonly candidate: string | undefined;
  readonly requestId: string;
  readonly actor: string;
}

/** Refuses what cannot be compared, before anybody is called. */
export async function comparable(plane: DataPlane, asked: Asked): Promise<Comparable> {
  const { key, wanted, candidate, requestId, actor } = asked;
  const request = requestOf(wanted, requestId, actor);
  await refuseUnfit(plane, request);
  await plane.wake();
  const split = comparedSplit(plane, key);
  const arms = armsOf(split, candidate);
  for (const arm of arms) {
    const fault = split.armFaults.get(arm.name);
    if (fault !== undefined) throw refusal('arm-unusable', `${capital(fault)}. Nothing was sent to either arm.`);
    const lost = whyNotAt(split, arm, request);
    if (lost === null) continue;
    const detail = `${lost.why} at ${arm.name}; both arms must be told the same, so nothing was sent to either`;
    throw invalid([{ pointer: `/${lost.field}`, detail }]);
  }
  return { split, request, arms };
}

function comparedSplit({ splits }: DataPlane, key: string): LiveSplit {
  const split = splits.all.get(key);
  if (split !== undefined && split.kind !== 'image') {
    const why = `'${split.slug}' is a split of kind ${split.kind}, and only images are made while one waits`;
    throw refusal('not-comparable', `${capital(why)}: order one from each arm, and look at what came of both.`);
  }
  if (split?.routing) return split;
  throw refusal('split-not-ready', `${capital(split?.whyNotReady() ?? `the split ${key} is not known here yet`)}.`);
}

function armsOf(split: LiveSplit, candidate: string | undefined): Comparable['arms'] {
  const { baseline = '', candidates = [] } = split.names ?? {};
  const name = candidate ?? (candidates.length === 1 ? candidates[0] : undefined);
  const known = candidates.join(', ') || 'none';
  if (name === undefined || !candidates.includes(name)) {
    const detail = `is ${name === undefined ? 'missing' : `"${excerpt(name)}"`}; it must be a candidate of '${split.slug}': ${known}`;
    throw invalid([{ pointer: '/candidate', detail }]);
  }
  const [one, other] = [split.arms.get(baseline), split.arms.get(name)];
  if (one && other) return [one, other];
  throw refusal('arm-unusable', `'${split.slug}' has no arm ${one ? name : baseline}, which its policy names.`);
}

const refusal = (code: string, detail: string) => new Problem(409, code, detail);

/** By the price lists; where one is silent, by what the arm asked lately. */
export async function priceOf(
  { split, request, arms }: Comparable,
  usualCost: ComparisonStore['usualCost'],
): Promise<ComparisonPrice> {
  const priced = await Promise.all(
    arms.map(async (arm) => {
      const listed = listedAt(split, arm, request);
      const cost_usd = listed ?? (await usualCost(arm.name, split.models.aliasOf(request.model)));
      const basis = listed !== null ? 'price_list' : cost_usd === null ? 'unknown' : 'lately';
      return { arm: arm.name, provider: arm.provider, cost_usd, basis } as const;
    }),
  );
  return { cost_usd: sumOf(priced.map(({ cost_usd }) => cost_usd)), arms: priced };
}

/** Both at once. What is returned is kept, but for the images. */
export async function compare(
  { generate }: DataPlane,
  { split, request, arms }: Comparable,
  blind: boolean,
): Promise<{ readonly kept: KeptComparison; readonly images: ComparisonMade['images'] }> {
  const [one, other] = arms;
  const [left, right] = blind && randomInt(2) === 1 ? [other, one] : [one, other];
  const at = (arm: ArmEntry, side: string) =>
    generateAt(generate, split, arm, { ...request, requestId: `${request.requestId}-${side}` });
  const [ofLeft, ofRight] = await Promise.all([at(left, 'left'), at(right, 'right')]);
  const sides = {
    left: sideOf(ofLeft, `${request.requestId}-left`),
    right: sideOf(ofRight, `${request.requestId}-right`),
  };
  const made = [sides.left, sides.right].filter(({ ok }) => ok);
  const cost_usd = made.length === 0 ? null : sumOf(made.map((side) => side.cost_usd));
  const prompt_hash = createHash('sha256')
    .update(request.prompt ?? '')
    .digest('hex');
  const kept = { model: split.models.aliasOf(request.model), prompt_hash, blind, cost_usd, sides };
  return { kept, images: { left: imagesOf(ofLeft), right: imagesOf(ofRight) } };
}

function sumOf(costs: readonly (number | null)[]): number | null {
  const sum = costs.reduce<number | null>((all, each) => (all === null || each === null ? null : all + each), 0);
  return sum === null ? null : Number(sum.toFixed(9));
}

function sideOf({ ending, arm, latencyMs, attempts }: Generated, requestId: string): ComparisonSide {
  const where = { arm: arm.name, provider: arm.provider, request_id: requestId };
  const latency_ms = Math.round(latencyMs * 10) / 10;
  if (ending.kind === 'done') {
    const { model, costUsd } = ending.result;
    return { ok: true, ...where, model, latency_ms, cost_usd: costUsd, error_kind: null, error: null };
  }
  const said = 'message' in ending ? ending.message : (attempts.at(-1)?.error ?? 'it could not be called');
  const kind = ending.kind === 'refused' ? 'content_policy' : (attempts.at(-1)?.error_kind ?? ending.kind);
  const failed = { ok: false, cost_usd: null, error_kind: kind, error: said.slice(0, longestError) };
  return { ...failed, ...where, model: null, latency_ms };
}

const longestError = 300;

function imagesOf({ ending }: Generated): readonly ComparedImage[] {
  if (ending.kind !== 'done') return [];
  return ending.result.images.map(({ url, width, height, contentType }) => {
    return { url, width, height, content_type: contentType };
  });
}
