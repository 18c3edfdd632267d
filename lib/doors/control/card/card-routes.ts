import { z } from 'zod';
import { cardLink } from '@/lib/api/answers/card';
import { cardShape, cardToken, judgeCard } from '@/lib/control/cards/card-token';
import { cardView } from '@/lib/control/cards/card-view';
import { type ControlRoute, jsonOf } from '@/lib/doors/route';
import { fields, judged } from '@/lib/http/body/read-fields';
import { closedPolicy } from '@/lib/http/defence/security-headers';
import type { Arriving, Outgoing } from '@/lib/http/message';
import { partOf } from '@/lib/http/part-of-path';
import { Problem } from '@/lib/http/problem';
import { json } from '@/lib/http/respond';
import { slugShape } from '@/lib/split/name-shapes';
import { guarded, open } from '../guarded';
import { slugPlace } from '../place';
import type { Planes } from '../planes';
import { drawCard } from './draw-card';
import { inTurn } from './in-turn';

const usualDays = 7;
const mostDays = 30;
const dayMs = 86_400_000;

const days = judged<number>(
  (value) =>
    Number.isInteger(value) && Number(value) >= 1 && Number(value) <= mostDays
      ? null
      : `must be whole days from 1 to ${mostDays}`,
  { type: 'integer', minimum: 1, maximum: mostDays, description: `for how long it opens; left out, ${usualDays}` },
).optional();
const making = {
  body: fields({ days }),
  answers: { 201: jsonOf(cardLink, 'The path of the picture, for whoever has it') },
  refusals: [409],
};
const png = {
  query: z.object({ token: z.string().optional().describe('of the link') }),
  answers: { 200: { description: '1200 × 630', schema: z.string(), mediaType: 'image/png' } },
  refusals: [401, 503],
};
const headers = {
  'content-type': 'image/png',
  'cache-control': 'private, no-store',
  'content-security-policy': closedPolicy,
  'x-robots-tag': 'noindex',
};

/** Who asks again within so long is shown the same picture: drawing one is work. */
const keptMs = 20_000;
const drawn = new Map<string, { readonly atMs: number; readonly png: Promise<Uint8Array> }>();
/** The state of a split as a picture for a chat, by a link that ends. */
export const cardRoutes: readonly ControlRoute<Planes>[] = [
  guarded(
    'POST /api/splits/{slug}/card-links',
    'operator',
    'A link to the picture of this split: it opens without signing in, shows numbers and no names, and ends by itself',
    making,
    async ({ arriving, body, actor }, planes) => {
      const { control } = await slugPlace.inUse(arriving.path, planes);
      const { cards, facts } = control;
      const key = await cards.key();
      if (key === null) throw noSecret();
      const endsAtMs = Math.floor(key.nowMs / 1000) * 1000 + (body.days ?? usualDays) * dayMs;
      const ends = new Date(endsAtMs).toISOString();
      planes.runtime().log.info({ actor: actor.name, split: facts.split, ends_at: ends }, 'a link to a card was made');
      const token = cardToken(key.secret, facts.split, endsAtMs);
      return json(201, { path: `/s/${facts.slug}/card.png?token=${token}`, ends_at: ends });
    },
  ),
  open('GET /s/{slug}/card.png', 'public', 'The picture of a split, by the token of a link to it', png, showCard),
];

async function showCard(arriving: Arriving, planes: Planes): Promise<Outgoing> {
  const split = await opened(arriving, planes);
  const snapshot = await planes.controlPlane().feedOf(split).read({ name: 'card', role: 'viewer' });
  const atMs = Date.parse(snapshot.now);
  const known = drawn.get(split);
  const shown = known && atMs - known.atMs < keptMs ? known : { atMs, png: inTurn(() => drawCard(cardView(snapshot))) };
  drawn.set(split, shown);
  // What failed is drawn anew by the next who asks.
  shown.png.catch(() => drawn.delete(split));
  return { status: 200, headers, body: await shown.png };
}

/** The split that the token is of. Without a token it is not told which splits there are. */
async function opened(arriving: Arriving, planes: Planes): Promise<string> {
  const { controls, wrong } = planes.controlPlane();
  const token = arriving.query.get('token') ?? '';
  const slug = partOf(arriving.path, 2);
  const notOurs = () =>
    wrong.refused(arriving, { door: 'card', credential: token }, refused('it is not of this split'));
  if (token === '') throw refused('it has no token');
  // The store is not asked about what no link of ours can be.
  if (!cardShape.test(token) || !slugShape.test(slug)) throw notOurs();
  const control = await controls.bySlug(slug);
  const key = control && (await control.cards.key());
  if (!control || !key) throw notOurs();
  const verdict = judgeCard(key.secret, control.facts.split, token, key.nowMs);
  if (verdict === 'ended') throw refused('its time is over');
  if (verdict === 'not_ours') throw notOurs();
  return control.facts.split;
}

function refused(why: string): Problem {
  return new Problem(
    401,
    'card-refused',
    `This link shows nothing: ${why}. An operator can copy another one from its page.`,
  );
}

function noSecret(): Problem {
  const how =
    "insert into sluice.card_secret (secret) values (sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')))";
  return new Problem(
    409,
    'card-secret-missing',
    `No link was made: the row of sluice.card_secret is gone. Make one: ${how}`,
  );
}
