import type { CompiledModel } from '@/lib/gateway/models/compile-model';
import type { Fields, Params } from '@/lib/gateway/models/image-request';
import { inputAddressFault, inputImageFault } from '@/lib/gateway/models/input-image';
import type { Models } from '@/lib/gateway/models/models';
import { optionsFault } from '@/lib/gateway/models/options-fault';
import { invalid, shown } from '@/lib/http/body/read-fields';
import type { ProviderEntry } from '@/lib/registry/registry';
import { longest, textFault, type Wanted } from '../sluice/plain-request';
import { withSides } from './fal-size';

/** The row that reads a model's words; null: no provider that speaks as FAL does has the model. */
export function falModel(models: Models, providers: readonly ProviderEntry[], id: string): CompiledModel | null {
  for (const { name, adapter } of providers) {
    const model = adapter === 'fal' ? models.of(name, id) : null;
    if (model) return model;
  }
  return null;
}

/** Whether it answers with `image`, and not with a list: what works on a given image does, and all that Bria makes. */
export function answersOne({ id, makesOne }: CompiledModel): boolean {
  return makesOne || id.startsWith('bria/');
}

/** FAL's body in our words; what has none goes to FAL as it is, and to no other provider. */
export function readFal(model: CompiledModel, id: string, body: unknown): Wanted {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw invalid([{ pointer: '', detail: `is ${shown(body)}; it must be an object` }]);
  }
  const said = withoutUnsaid(body as Fields);
  const { prompt, n, size, params, rest } = model.read(withSides(model, said));
  refuseText(said);
  refuseImages(model, params);
  const raw = asWritten(rest, said);
  const fault = optionsFault(raw, 'fal');
  if (fault) throw invalid([{ pointer: pointerOf(fault.at), detail: fault.why }]);
  const most = model.wordOf('n');
  if (raw[most] !== undefined) {
    const why = typeof raw[most] === 'number' ? model.lostOf({ prompt, n: raw[most], requestId: '' }) : [];
    const rule = why.find(({ field }) => field === 'n')?.why ?? 'must be a whole number';
    throw invalid([{ pointer: `/${most}`, detail: `is ${shown(raw[most])}; it ${rule}` }]);
  }
  return {
    ...{ prompt, model: id, n, user: null },
    ...size,
    ...(Object.keys(params).length > 0 && { params }),
    ...(Object.keys(raw).length > 0 && { raw: { adapter: 'fal', fields: raw } }),
  };
}

/** null is how FAL's clients leave a field out, and a synchronous answer that holds addresses is the usual one. */
function withoutUnsaid(body: Fields): Fields {
  return Object.fromEntries(
    Object.entries(body).filter(([name, value]) => value !== null && !(name === 'sync_mode' && value === false)),
  );
}

/** A size that its name did not reach the row by keeps its name. */
function asWritten(rest: Fields, said: Fields): Fields {
  return 'image_size' in rest && 'image_size' in said ? { ...rest, image_size: said.image_size } : rest;
}

function refuseText({ prompt }: Fields): void {
  const fault = prompt === undefined ? null : textFault(prompt, longest.prompt);
  if (fault) throw invalid([{ pointer: '/prompt', detail: fault }]);
}

function refuseImages(model: CompiledModel, { image = [], mask, loras = [] }: Params): void {
  const given = [
    ...image.map((value) => ({ name: 'image', value })),
    ...(mask === undefined ? [] : [{ name: 'mask', value: mask }]),
    ...loras.filter(({ model: path }) => /^\w+:/.test(path)).map(({ model: path }) => ({ name: 'loras', value: path })),
  ];
  for (const { name, value } of given) {
    const detail = inputImageFault(value);
    if (detail) throw invalid([{ pointer: `/${model.wordOf(name)}`, detail }]);
  }
}

/** Addresses in what goes to FAL as it is: a provider in our network must not read it for a caller. */
export async function refuseRawAddresses(fields: Fields): Promise<void> {
  const found: { readonly at: readonly string[]; readonly url: string }[] = [];
  collect(fields, [], found);
  const faults = await Promise.all(
    found.map(async ({ at, url }) => ({ at, detail: inputImageFault(url) ?? (await inputAddressFault(url)) })),
  );
  const bad = faults.find(({ detail }) => detail !== null);
  if (bad) throw invalid([{ pointer: pointerOf(bad.at), detail: bad.detail ?? '' }]);
}

function collect(value: unknown, at: readonly string[], into: { at: readonly string[]; url: string }[]): void {
  if (typeof value === 'string' && /^https?:\/\//i.test(value)) into.push({ at, url: value });
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) collect(inner, [...at, name], into);
}

const pointerOf = (at: readonly string[]) => at.map((part) => `/${part.slice(0, 32)}`).join('');
