import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { advanceStage } from '@/lib/control/verbs/advance-stage';
import { pause } from '@/lib/control/verbs/pause';
import { rearm } from '@/lib/control/verbs/rearm';
import { resume } from '@/lib/control/verbs/resume';
import { rollBack } from '@/lib/control/verbs/roll-back';
import { channelStore } from '@/lib/notify/channel-store';
import { openOutgoing } from '@/lib/process/outbox/outgoing';
import { runTick } from '@/lib/watch/run-tick';
import { startReceiver } from '../support/receiver';
import { backdate, healthyStage, logTraffic, type TestRollout, testRollout, writeWeights } from '../support/rollout';
import { runSluice } from '../support/run-sluice';

let rollout: TestRollout;

beforeEach(async () => {
  rollout = await testRollout();
  await addChannel('https://example.com/a');
});
afterEach(() => rollout.close());

const addChannel = (url: string) =>
  channelStore(rollout.sql).add({ kind: 'webhook', url, secret: null, createdBy: 'operator:ann' });

interface Told {
  readonly kind: string;
  readonly journal: number;
  readonly detail: string;
}

const told = () => rollout.sql<Told[]>`
  select o.payload ->> 'kind' as kind, (o.payload ->> 'journalId')::int as journal, o.payload ->> 'detail' as detail
  from sluice.outbox o order by o.id`;

/** Rows of the journal since the channel was there. */
const journaled = async (verbs: readonly string[]) => {
  const rows = await rollout.control.journal.list({ limit: 50, flagKey: 'GEN_PROVIDER_WEIGHTS' });
  return rows.filter(({ verb }) => verbs.includes(verb)).map(({ id }) => id);
};

const asked = async (reason: string | null) => ({
  ...{ expectedVersion: await rollout.version(), reason, actor: 'operator:ann' },
});

describe('a change by hand is told once', () => {
  it('by operators, whatever they change, with who, from, to and why', async () => {
    const { control } = rollout;
    await advanceStage(control, { ...(await asked('sale ends')), to: 'D2', override: true });
    await pause(control, await asked('weekend'));
    await resume(control, await asked(null));
    await rollBack(control, { reason: 'artefacts', actor: 'operator:bob' });
    await rearm(control, await asked('fixed upstream'));
    expect((await told()).map(({ kind, detail }) => `${kind}: ${detail}`)).toEqual([
      'changed: operator:ann moved on although a gate was closed: from D1 (fal 90 %, runware 10 %) to D2 (fal 50 %, runware 50 %). Reason: sale ends',
      'changed: operator:ann paused the rollout at D2 (fal 50 %, runware 50 %). Reason: weekend',
      'changed: operator:ann resumed the rollout at D2 (fal 50 %, runware 50 %). No reason was given.',
      'changed: operator:bob rolled back from D2 (fal 50 %, runware 50 %) to rolled_back (fal 100 %, runware 0 %). Reason: artefacts',
      'changed: operator:ann re-armed the rollout: from rolled_back (fal 100 %, runware 0 %) to baseline (fal 100 %, runware 0 %). Reason: fixed upstream',
    ]);
  });

  it('by the command line and by raw SQL, but not when nothing changes', async () => {
    const { code } = await runSluice(['rollback', '--yes', '--reason', 'by phone'], {
      databaseUrl: rollout.database.url,
    });
    expect(code).toBe(0);
    await writeWeights(rollout.sql, { fal: 0.9, runware: 0.1 });
    await rollout.sql`update feature_flags set description = 'a note' where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
    expect(await told()).toMatchObject([
      { kind: 'changed', detail: expect.stringMatching(/^cli:\S+ rolled back from D1 .* Reason: by phone$/) },
      { kind: 'changed', detail: expect.stringMatching(/^sql:\S+ re-armed the rollout: from rolled_back .* to D1 /) },
    ]);
  });

  it('a deleted row is an alert at once, and no second message', async () => {
    await rollout.sql`delete from feature_flags where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
    await rollout.tick();
    expect(await told()).toMatchObject([
      { kind: 'weights_missing', detail: expect.stringContaining('deleted the weights row') },
    ]);
  });

  it('what cannot be queued does not stop a rollback', async () => {
    await rollout.sql`alter table sluice.outbox rename to gone`;
    expect(await rollBack(rollout.control, { reason: null, actor: 'operator:ann' })).toMatchObject({ already: false });
    expect(await rollout.stage()).toBe('rolled_back');
  });
});

describe('a change by the watchdog is told once', () => {
  it('its rollback by the alert alone, however many watchdogs tick', async () => {
    await backdate(rollout.sql, 4400);
    await logTraffic(rollout.sql, { provider: 'fal', fromSecondsAgo: 720 });
    await logTraffic(rollout.sql, { fromSecondsAgo: 720, perMinute: 20, failEvery: 3 });
    const watchdogs = await Promise.all(Array.from({ length: 4 }, (_, n) => rollout.another(`watchdog ${n}`)));
    const tick = { by: 'w', intervalSeconds: 10, deadlineMs: 8000 };
    await Promise.all(watchdogs.map(({ controls }) => runTick(controls, tick)));
    const about = (await told()).filter(({ journal }) => journal !== null);
    const [entry] = await journaled(['rollback']);
    expect(about).toEqual([{ kind: 'rolled_back', journal: entry, detail: expect.stringContaining('failure rate') }]);
  });

  it('its advance too', async () => {
    await rollout.sql`insert into feature_flags (flag_key, flag_value_text) values ('GEN_ROLLOUT_POLICY', '{"autoAdvance":true}')`;
    await healthyStage(rollout);
    await rollout.age(10);
    await rollout.tick();
    expect(await rollout.stage()).toBe('D2');
    const [entry] = await journaled(['advance']);
    expect(await told()).toMatchObject([
      { kind: 'changed', journal: entry, detail: expect.stringMatching(/^watchdog advanced from D1/) },
    ]);
  });
});

it('reaches every channel that is switched on, over HTTP, once', async () => {
  const receiver = await startReceiver();
  await rollout.sql`delete from sluice.alert_channels`;
  await addChannel(receiver.url);
  const off = await addChannel('https://example.com/off');
  await rollout.sql`update sluice.alert_channels set enabled = false where id = ${off}`;
  await rollBack(rollout.control, { reason: 'artefacts', actor: 'operator:ann' });
  const settings = { allowPrivateWebhooks: true, publicUrl: 'https://sluice.example' };
  const processes = [1, 2, 3].map(() => openOutgoing(rollout.sql, settings));
  await Promise.all(processes.map(({ deliverer }) => deliverer.round()));
  await Promise.all(processes.map((each) => each.close()));
  await receiver.close();
  const [entry] = await journaled(['rollback']);
  expect(receiver.letters.map(({ body }) => JSON.parse(body))).toMatchObject([
    {
      type: 'sluice.changed',
      data: {
        ...{ journal_id: entry, link: `https://sluice.example/journal/${entry}` },
        params: {
          actor: 'operator:ann',
          verb: 'rollback',
          stage_from: 'D1',
          stage_to: 'rolled_back',
          reason: 'artefacts',
        },
      },
    },
  ]);
});
