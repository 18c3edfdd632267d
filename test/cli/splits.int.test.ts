import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestRollout, testRollout } from '../support/rollout';
import { sluiceLines } from '../support/sluice-line';

const sluiceLine = sluiceLines();

let rollout: TestRollout;
beforeAll(async () => {
  rollout = await testRollout();
});
afterAll(() => rollout.close());

const sluice = (line: string, more: readonly string[] = []) =>
  sluiceLine([...line.split(' '), ...more], { databaseUrl: rollout.database.url });
const said = async (line: string, more: readonly string[] = []) => {
  const ran = await sluice(line, [...more, '--json']);
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
  return JSON.parse(ran.stdout) as Record<string, unknown>;
};

describe('with one split', () => {
  it('nothing needs to be named', async () => {
    const { code, stderr, stdout } = await sluice('weights --json');
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({ stage: 'D1' });
    expect(await sluice('pause --yes --reason lunch')).toMatchObject({ code: 0 });
    expect(await sluice('resume --yes')).toMatchObject({ code: 0 });
    expect((await sluice('weights --split nobody')).stderr).toContain('There are: gen.');
  });
});

describe('with two', () => {
  beforeAll(async () => {
    const made = await sluice('splits add flux --baseline fal --candidate new --arm new=runware:runware:100@1 --yes');
    expect(made, made.stderr).toMatchObject({ code: 0 });
  });

  it('the new one is on its baseline, and listed', async () => {
    expect(await said('weights --split flux')).toMatchObject({ weights: { fal: 1, new: 0 } });
    const { splits } = await said('splits');
    expect(splits).toMatchObject([
      { slug: 'gen', stage: 'D1', next: 'D2' },
      { slug: 'flux', key: 'FLUX_WEIGHTS' },
    ]);
    const table = await sluice('splits');
    expect(table.stdout).toMatch(/^split\s+\| kind\s+\| stage\s+\| share\s+\| worst/);
    expect(table.stdout).toMatch(/gen\s+\| image\s+\| D1\s+\| 10 %/);
    expect(await said('splits arms flux')).toMatchObject({
      arms: [{ name: 'fal' }, { name: 'new', provider: 'runware', model: 'runware:100@1' }],
    });
  });

  it('each client is pointed at what answers it here', async () => {
    expect(await said('integration openai --split flux --url https://sluice.example/')).toMatchObject({
      code: expect.stringMatching(/baseURL: 'https:\/\/sluice\.example\/v1'[\s\S]*'x-sluice-split': 'flux'/),
      splits: ['gen', 'flux'],
    });
    const videos = await sluice('integration openai-videos');
    expect(videos.stdout).toContain('No split of kind job is here yet: sluice splits add SLUG --kind job … makes one.');
    const { models } = await said('integration fal-queue');
    expect(models).toContain('kling-2.5-turbo-pro');
    expect(models).not.toContain('flux-schnell');
    expect((await sluice('integration runway --split flux')).stderr).toContain('no relay split "flux"; there is none.');
  });

  it('a split says what its jobs of today come to', async () => {
    const { stdout } = await sluice('splits quota flux');
    expect(stdout).toContain('begun today   0 jobs, not limited');
  });

  it('who reads is shown the first and told so', async () => {
    const { code, stderr, stdout } = await sluice('weights --json');
    expect([code, JSON.parse(stdout).stage]).toEqual([0, 'D1']);
    expect(stderr).toBe('sluice weights: of 2 splits this is gen; others by --split SLUG\n');
  });

  it.each([['pause --yes --reason x'], ['rollback --yes'], ['advance --yes'], ['rearm --yes --reason x']])(
    '%s without a split is refused, and says which there are',
    async (line) => {
      const version = await rollout.version();
      const { code, stderr, stdout } = await sluice(line);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toContain('Nothing was written: there are 2 splits. Say which with --split: gen, flux.');
      expect(await rollout.version()).toBe(version);
    },
  );

  it('a write goes to the one that is named', async () => {
    const version = await rollout.version();
    const written = await sluice('weights', [
      '{"fal":0.9,"new":0.1}',
      ...'--split flux --override --reason go --yes'.split(' '),
    ]);
    expect(written, written.stderr).toMatchObject({ code: 0 });
    expect(await said('weights --split flux')).toMatchObject({ weights: { fal: 0.9, new: 0.1 } });
    expect(await rollout.version()).toBe(version);
    const { entries } = await said('journal --split flux --limit 1');
    expect(entries).toMatchObject([{ flag_key: 'FLUX_WEIGHTS', reason: 'go' }]);
    expect(await sluice('rollback --split flux --yes')).toMatchObject({ code: 0 });
  });

  it('a rollback of one arm says which', async () => {
    const begin = '--split flux --override --reason again --yes'.split(' ');
    expect(await sluice('rearm --split flux --reason mended --yes')).toMatchObject({ code: 0 });
    expect(await sluice('weights', ['{"fal":0.9,"new":0.1}', ...begin])).toMatchObject({ code: 0 });
    expect((await sluice('rollback --split flux --arm new --yes')).stdout).toMatch(
      /^rollback: new rolled back, its share is the baseline's, version \d+\.\n/,
    );
    expect((await sluice('rollback --split flux --arm new --yes')).stdout).toContain('new was already rolled back');
  });

  it('splits, arms, providers and models are changed by name', async () => {
    expect(await said('splits rename flux flux-hd --yes')).toMatchObject({ slug: 'flux-hd' });
    expect(await said('splits set flux-hd --model flux-* --yes', ['--label', 'Flux HD'])).toMatchObject({
      key: 'FLUX_WEIGHTS',
    });
    expect(await said('splits arm flux-hd spare=fal --yes')).toMatchObject({ name: 'spare', provider: 'fal' });
    expect(await said('splits remove-arm flux-hd spare --yes')).toMatchObject({ removed: 'spare' });
    expect(await sluice('splits remove-arm flux-hd fal --yes')).toMatchObject({ code: 4 });
    expect(await said('providers add acme --adapter openai --base-url https://api.acme.test --yes')).toMatchObject({
      name: 'acme',
      baseUrl: 'https://api.acme.test',
    });
    expect(await said('providers set acme --state draining --yes')).toMatchObject({ state: 'draining' });
    expect(await said('models set acme flux acme/flux --yes', ['--price', '{"usd":1}'])).toMatchObject({
      alias: 'flux',
    });
    const { models } = (await said('models')) as { models: { shipped: boolean }[] };
    expect(models.filter(({ shipped }) => !shipped)).toMatchObject([{ alias: 'flux', providerModel: 'acme/flux' }]);
    expect(await said('models remove acme flux --yes')).toMatchObject({ removed: 'flux' });
    expect(await said('providers remove acme --yes')).toMatchObject({ removed: 'acme' });
    expect((await sluice('providers')).stdout).toContain('fal of gen, fal of flux-hd');
  });

  it.each([
    ['splits add flux-hd --baseline fal --candidate runware --yes', 4, 'is there already'],
    ['splits add api --baseline fal --candidate runware --yes', 1, 'reserved'],
    ['splits add ok --baseline fal --yes', 2, '--candidate'],
    ['splits add ok --baseline fal --candidate nobody --yes', 1, 'not registered'],
    ['splits add ok --kind film --baseline fal --candidate runware --yes', 1, 'must be image, job, relay or assign'],
    ['splits add ok --baseline fal --candidate x --arm x --yes', 2, 'name=provider'],
    ['splits add ok --baseline fal --candidate runware --arm y=fal --yes', 2, 'neither the baseline nor a candidate'],
    ['splits add ok --baseline fal --candidate runware', 2, 'add --yes'],
    ['splits rename nobody x --yes', 2, 'There are: gen, flux-hd'],
    ['splits archive gen --yes', 4, 'first split'],
    ['splits __proto__', 2, 'Usage'],
    ['providers add acme --base-url https://a.test/v1 --yes', 1, 'without a path'],
    ['providers add acme --base-url https://u:p@a.test --yes', 1, 'credentials'],
    ['providers add acme --base-url http://10.0.0.1 --yes', 1, 'https://'],
    ['providers add acme --adapter relay --base-url https://a.test/kling/ --yes', 1, 'remove "/kling/"'],
    ['providers add acme --adapter relay --base-url https://a.test --yes', 1, 'options.dialect is missing'],
    ['splits add ok --kind relay --prefix /kling --baseline fal --candidate runware --yes', 1, 'are of adapter relay'],
    ['providers add fal --yes', 2, 'there already'],
    ['providers set acme --state on --yes', 1, 'There is no provider'],
    ['providers set fal --state off --yes', 1, 'still needs it'],
    ['providers remove fal --yes', 4, 'arms still need it'],
    ['models set nobody a b --yes', 1, 'not registered'],
    ['models remove fal a --yes', 1, 'no model'],
    ['models set fal a b --price [] --yes', 2, 'JSON object'],
  ])('%s → %i', async (line, code, words) => {
    const ran = await sluice(line);
    expect(ran, ran.stderr).toMatchObject({ code, stdout: '' });
    expect(ran.stderr).toContain(words);
  });

  it('an archived one is left alone', async () => {
    expect(await said('splits archive flux-hd --yes --reason over')).toMatchObject({ key: 'FLUX_WEIGHTS' });
    expect((await sluice('pause --split flux-hd --yes')).stderr).toContain('is archived');
    expect(await sluice('weights --json')).toMatchObject({ code: 0, stderr: '' });
    expect(await said('splits unarchive flux-hd --yes')).toMatchObject({ slug: 'flux-hd' });
  });
});
