import * as answers from '@/lib/api/answers/control-plane';
import { jsonOf, ok } from '@/lib/doors/route';
import { fields, judged, shortText } from '@/lib/http/body/read-fields';
import { json } from '@/lib/http/respond';
import {
  addAlertChannel,
  changeAlertChannel,
  removeAlertChannel,
  shownChannels,
  shownDeliveries,
} from '@/lib/notify/alert-channels';
import { guarded } from '../guarded';
import { adminList, orNull } from './people';

const what = {
  name: orNull<string>('string', 'must be text', { type: ['string', 'null'], description: 'what people call it' }),
  alerts: judged<readonly string[] | null>(
    (value) =>
      value === null || (Array.isArray(value) && value.every((each) => typeof each === 'string'))
        ? null
        : 'must be a list of kinds of alerts, or null for all',
    { type: ['array', 'null'], items: { type: 'string' }, description: 'what is told there; left out or null: all' },
  ).optional(),
};

const newChannel = fields({
  ...what,
  url: judged<string>((value) => (typeof value === 'string' ? null : 'must be text'), { type: 'string' }),
  secret: orNull<string>('string', 'must be text', { type: ['string', 'null'] }),
  kind: shortText('webhook, slack, feishu, dingtalk or wecom'),
});

/** Where alerts go out. */
export const channelRoutes = [
  adminList('/api/alert-channels', 'Where alerts go, without secrets', answers.channels, async ({ access }) => ({
    channels: await shownChannels(access().channels),
  })),
  guarded(
    'POST /api/alert-channels',
    'admin',
    'Add a channel; its address must be public https',
    { body: newChannel, answers: { 201: jsonOf(answers.channelAdded, 'Added') } },
    async ({ body: { kind, url, secret = null, name = null, alerts = null }, actor }, { access, runtime }) => {
      const id = await addAlertChannel(access().channels, { kind, url, secret, name, alerts }, actor.name);
      runtime().log.info({ actor: actor.name, channel: id, kind }, 'an alert channel was added');
      return json(201, { id });
    },
  ),
  adminList(
    '/api/alert-deliveries',
    'The newest messages to channels: when each was taken, or why not',
    answers.deliveries,
    async ({ access }) => ({ deliveries: await shownDeliveries(access().channels) }),
  ),
  guarded(
    'PUT /api/alert-channels/{id}',
    'admin',
    'Name a channel, and say which alerts go there; its address stays',
    { ...ok(answers.channelChanged), body: fields(what) },
    async ({ id, body: { name = null, alerts = null }, actor }, { access, runtime }) => {
      await changeAlertChannel(access().channels, id, { name, alerts }, actor.name);
      runtime().log.info({ actor: actor.name, channel: id }, 'an alert channel was changed');
      return json(200, { changed: id });
    },
  ),
  guarded(
    'DELETE /api/alert-channels/{id}',
    'admin',
    'Remove a channel',
    ok(answers.channelRemoved),
    async ({ id, actor }, { access, runtime }) => {
      await removeAlertChannel(access().channels, id, actor.name);
      runtime().log.info({ actor: actor.name, channel: id }, 'an alert channel was removed');
      return json(200, { removed: id });
    },
  ),
  guarded(
    'POST /api/alert-channels/{id}/test',
    'admin',
    'Send a test message now',
    ok(answers.channelTested),
    async ({ id, actor }, { access }) => {
      const outcome = await access().testChannel(id, actor.name);
      return json(200, { delivered: outcome.ok, error: outcome.ok ? null : outcome.error });
    },
  ),
];
