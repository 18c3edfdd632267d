import type { Dialect } from '@/lib/registry/dialects/dialect';
import { pathModel } from './model-of';
import { isCounted, type Understood } from './pass-on';
import { isPlainAt, textsAt } from './pointer';

/** Every model that a request names, wherever a provider may read it; a text: why that cannot be told; null: it begins nothing. */
export function namedModels(understood: Understood): readonly string[] | string | null {
  const { dialect, meaning, body, method } = understood;
  // What is made of another job need name no model, but may.
  if (meaning.kind === 'job' && meaning.rule.makes) {
    const named = modelsIn(dialect, body);
    return named.length > 0 ? named : null;
  }
  if (meaning.kind !== 'create') {
    if (meaning.kind !== 'free' || !isCounted(understood) || isQuestion(method)) return null;
    return `what it is for is written in no rule of ${dialect.name}, and so is where its model stands`;
  }
  const inPath = pathModel(meaning.rule, meaning.captures);
  if (inPath !== null) return [inPath];
  const { modelAt } = dialect;
  if (modelAt.length === 0) return `${dialect.name} does not say where its model stands`;
  const named = modelsIn(dialect, body);
  return named.length > 0 ? named : `its body names none at ${modelAt.join(' or ')}`;
}

function modelsIn({ modelAt }: Dialect, body: unknown): readonly string[] | string {
  const odd = modelAt.find((at) => !isPlainAt(body, at));
  if (odd !== undefined) return `${odd} of its body must be a text, under a key of just this spelling`;
  return modelAt.flatMap((at) => textsAt(body, at));
}

const isQuestion = (method: string) => method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
