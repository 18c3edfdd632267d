import type { DataPlane } from '@/lib/gateway/request/data-plane';
import type { Generated } from '@/lib/gateway/request/ending';
import type { LiveSplit } from '@/lib/gateway/weights/live-split';
import type { Head } from '@/lib/http/message';
import { Problem } from '@/lib/http/problem';
import { excerpt } from '@/lib/kernel/excerpt';
import { capital } from '@/lib/kernel/plain-text';
import type { Caller } from '@/lib/registry/callers/caller';
import type { SplitKind } from '@/lib/registry/registry';
import { requireModels } from './callers';

/** What a request says of where it belongs. */
interface Said {
  readonly kind: SplitKind;
  /** In its body, by slug. */
  readonly split: string | undefined;
  /** As the caller wrote it. */
  readonly model: string | undefined;
}

/** The split of a request: the one it names, in its body or by X-Sluice-Split, else the one of its model, else the default one. */
export function splitOf({ splits }: Pick<DataPlane, 'splits'>, head: Pick<Head, 'header'>, said: Said): LiveSplit {
  const slug = saidSlug(head.header('x-sluice-split'), said.split);
  const models = said.model === undefined ? [] : [said.model, splits.models.aliasOf(said.model)];
  const split = splits.choose({ kind: said.kind, slug, models });
  if (typeof split === 'string') throw new Problem(404, 'unknown-split', split);
  if (split.weights !== null) return split;
  const detail = `${capital(split.whyNotReady())}. Nothing was sent to anybody.`;
  throw new Problem(409, 'split-not-ready', detail, { headers: { 'retry-after': '5' } });
}

/** 403 where an arm of the split could answer by a model that the caller may not ask for: one that it pins, or the one that was said. */
export function requireModelsOf({ models, arms }: LiveSplit, caller: Caller, said: string | undefined): void {
  if (!caller.models?.length) return;
  const asked = [...arms.values()].map(({ model }) => {
    const name = model ?? said;
    return name === undefined ? [models.aliasOf(name)] : [models.aliasOf(name), name];
  });
  requireModels(caller, asked);
}

/** As it was asked for; null: neither in the body nor by the header. */
function saidSlug(header: string | null, body: string | undefined): string | null {
  if (header === null || body === undefined || header === body) return body ?? header;
  const detail =
    `The body names the split '${excerpt(body)}', and X-Sluice-Split names '${excerpt(header)}'. Name one, or the ` +
    'same in both.';
  throw new Problem(422, 'split-named-twice', detail, { errors: [{ pointer: '/split', detail }] });
}

/** Where it was answered, on every answer of every door that draws. */
export function splitHeaders(generated: Generated): Readonly<Record<string, string>> {
  const { split, arm, weightsVersion, pinned, dropped, mapped } = generated;
  const headers: Record<string, string> = { 'x-sluice-split': split };
  if (arm.name !== '') headers['x-sluice-arm'] = arm.name;
  if (weightsVersion !== null) headers['x-sluice-version'] = String(weightsVersion);
  if (pinned) headers['x-sluice-pinned'] = `${arm.name}; ${pinned.join(', ')}`;
  if (dropped) headers['x-sluice-dropped'] = dropped.join(', ');
  if (mapped) headers['x-sluice-mapped'] = mapped.join(', ');
  return headers;
}
