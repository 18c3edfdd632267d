import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { inProcess } from '@/lib/kernel/once-in-process';
import { vendorRequest } from '../gateway/providers/sandboxed';

// Next's after() needs a request of Next's own; what it would do later is done at once.
vi.mock('next/server', () => ({ after: (work: () => Promise<void>) => void work() }));

const host = 'sluice-git-preview.vercel.app';
const origin = `https://${host}`;
const preview = { VERCEL: '1', VERCEL_ENV: 'preview', VERCEL_URL: host, LOG_LEVEL: 'silent' };
const places = ['runtime', 'env'] as const;
const kept = inProcess();
const forget = () => {
  for (const place of places) delete kept[place];
};

type Door = (request: Request) => Promise<Response>;
let doors: { generate: Door; openai: Door; fal: Door; health: Door; picture: Door };
let runtime: typeof import('@/lib/process/web')['runtime'];

beforeAll(async () => {
  // Files before this one in the same process have loaded what is to be replaced.
  vi.resetModules();
  vi.stubGlobal('fetch', () => Promise.reject(new Error('there is no network here')));
  for (const name of ['FAL_KEY', 'RUNWARE_API_KEY', 'SLUICE_API_KEYS', 'SLUICE_SANDBOX']) vi.stubEnv(name, undefined);
  // As an integration sets it for every environment alike.
  for (const [name, value] of Object.entries({ ...preview, POSTGRES_URL: 'postgres://u:p@db.example/production' }))
    vi.stubEnv(name, value);
  forget();
  ({ runtime } = await import('@/lib/process/web'));
  doors = {
    generate: (await import('@/app/api/[[...rest]]/route')).POST,
    openai: (await import('@/app/v1/[[...rest]]/route')).POST,
    fal: (await import('@/app/fal/[[...rest]]/route')).POST,
    health: (await import('@/app/api/[[...rest]]/route')).GET,
    picture: (await import('@/app/images/[picture]/route')).GET,
  };
});
afterAll(async () => {
  vi.doUnmock('next/server');
  vi.resetModules();
  await runtime().stop();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  forget();
});

const headers = { host, 'content-type': 'application/json' };
const post = (door: Door, path: string, body: unknown) =>
  door(new Request(origin + path, { method: 'POST', headers, body: JSON.stringify(body) }));
const get = (door: Door, path: string) => door(new Request(new URL(path, origin), { headers }));
const request = { prompt: 'a lock on a canal', width: 512, height: 512 };

describe('a keyless preview on Vercel, by the handlers that Next calls', () => {
  it('generates by both providers in this process, without a key and without the network', async () => {
    for (const [version, provider] of ['fal', 'runware'].entries()) {
      const text = JSON.stringify({ fal: 0, runware: 0, [provider]: 1 });
      expect(runtime().dataPlane.weights.offer({ version, text, stage: null } as never)).toBe('taken');
      const answer = await post(doors.generate, '/api/generate', request);
      const body = (await answer.json()) as { provider: string; images: { url: string }[] };
      expect([answer.status, body.provider]).toEqual([200, provider]);
      const url = body.images[0]?.url ?? '';
      expect(url).toMatch(new RegExp(`^${origin}/images/${provider}-\\d+\\.svg\\?`));
      const picture = await get(doors.picture, url);
      expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
      expect(await picture.text()).toContain(`${provider} (sandbox)`);
    }
  });

  it('hands out the bytes of a picture without asking itself over the network', async () => {
    const answer = await post(doors.openai, '/v1/images/generations', { prompt: 'a', response_format: 'b64_json' });
    const body = (await answer.json()) as { data: { b64_json: string }[] };
    expect(Buffer.from(body.data[0]?.b64_json ?? '', 'base64').toString()).toMatch(/^<svg .*\(sandbox\)/);
  });

  it("answers FAL's clients, by their path and by a proxy", async () => {
    const body = { prompt: 'a', image_size: 'square' };
    const target = { 'x-fal-target-url': 'https://fal.run/fal-ai/flux/schnell' };
    const proxied = new Request(`${origin}/api/fal/proxy`, {
      ...{ method: 'POST', headers: { ...headers, ...target }, body: JSON.stringify(body) },
    });
    for (const answer of [await post(doors.fal, '/fal/run/fal-ai/flux/schnell', body), await doors.generate(proxied)]) {
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({ images: [{ width: 512, height: 512 }], prompt: 'a' });
    }
    const nowhere = await post(doors.fal, '/fal/nowhere', body);
    expect([nowhere.status, (await nowhere.json()).detail]).toEqual([404, 'There is nothing at /fal/nowhere.']);
    const upload = new Request(`${origin}/api/fal/proxy`, {
      ...{ method: 'POST', body: '{"content_type":"image/png"}' },
      headers: {
        ...headers,
        'x-fal-target-url': 'https://rest.fal.ai/storage/upload/initiate?storage_type=fal-cdn-v3',
      },
    });
    expect(await (await doors.generate(upload)).json()).toHaveProperty('upload_url');
  });

  it('says that it is a sandbox, and has opened no database', async () => {
    expect(await (await get(doors.health, '/api/health')).json()).toMatchObject({ mode: 'sandbox' });
    expect(runtime().connections).toBeNull();
  });

  it('ends a call at its deadline, as over a wire', async () => {
    for (const { provider } of runtime().dataPlane.lanes.values()) {
      const wanted = { ...request, n: 1, requestId: 'r' };
      const result = await provider.generate(vendorRequest(provider.name, wanted), AbortSignal.timeout(5));
      expect(result).toMatchObject({ ok: false, errorKind: 'timeout' });
      expect(await provider.probe(AbortSignal.timeout(5000))).toMatchObject({ ok: true });
    }
  });

  it('lets nobody without a key report requests of others', () => {
    const { scopes } = runtime().whoCalls({ header: () => null } as never);
    expect([...scopes]).not.toContain('events:foreign');
    expect([...scopes]).toContain('generate');
  });

  it('draws nothing where nothing is simulated', async () => {
    vi.stubEnv('VERCEL_ENV', 'production');
    vi.stubEnv('SLUICE_API_KEYS', 'k'.repeat(32));
    const own = kept.env;
    delete kept.env;
    expect((await get(doors.picture, '/images/fal-1.svg')).status).toBe(404);
    kept.env = own;
  });
});
