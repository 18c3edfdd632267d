import { readFalSchema, readRunwareSchema } from '@/lib/registry/read-vendor-schema';
import type { VendorSchema } from '@/lib/registry/vendor-schema';

/** Where a vendor publishes what a model takes, and how that is read. */
interface Published {
  url(id: string, origin: string): string;
  read(id: string, document: unknown, source: string): VendorSchema | null;
}

const vendors: Readonly<Record<string, Published>> = {
  fal: {
    url: (id, origin) =>
      `${at(origin, 'https://fal.run', 'https://fal.ai')}/api/openapi/queue/openapi.json?endpoint_id=${encodeURIComponent(id)}`,
    read: readFalSchema,
  },
  runware: {
    url: (id, origin) =>
      `${at(origin, 'https://api.runware.ai', 'https://schemas.runware.ai')}/resolve/${encodeURIComponent(id)}`,
    read: readRunwareSchema,
  },
};

/** A vendor's schemas are not where its models are; a stand-in for the vendor serves both. */
const at = (origin: string, usual: string, schemas: string) => (origin === usual ? schemas : origin);

type Asked =
  | { readonly kind: 'schema'; readonly schema: VendorSchema }
  | { readonly kind: 'none'; readonly why: string }
  | { readonly kind: 'unread'; readonly why: string };

const withinMs = 10_000;
const largestBytes = 4 * 1024 * 1024;

/** What a vendor says of one of its models; one call, of bounded time and size. */
export async function askVendor(adapter: string | null, id: string, origin: string): Promise<Asked> {
  const vendor = vendors[adapter ?? ''];
  if (!vendor) return { kind: 'none', why: `${adapter ?? 'no adapter'} publishes no schema of a model` };
  const url = vendor.url(id, origin);
  try {
    const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(withinMs) });
    if (!answer.ok) {
      await answer.body?.cancel();
      return { kind: 'unread', why: `${url} answers ${answer.status}` };
    }
    const schema = vendor.read(id, JSON.parse(await bodyOf(answer)), url);
    return schema ? { kind: 'schema', schema } : { kind: 'unread', why: `${url} answers with no schema of this model` };
  } catch (error) {
    return { kind: 'unread', why: `${url} cannot be read: ${reasonOf(error)}` };
  }
}

async function bodyOf({ body }: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body ?? []) {
    bytes += piece.byteLength;
    if (bytes > largestBytes) throw new Error(`its answer has more than ${largestBytes} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function reasonOf(error: unknown): string {
  const { name, message, cause } = error as Error & { readonly cause?: Partial<Error & { code: string }> };
  if (name === 'TimeoutError') return `no answer within ${withinMs / 1000} s`;
  return name === 'SyntaxError' ? 'its answer is no JSON' : (cause?.code ?? cause?.message ?? message);
}
