import { describe, expect, it } from 'vitest';
import zh from '@/app/_i18n/messages/zh-CN.json';
import { phrasebook } from '@/app/_i18n/phrasebook';
import { phrases } from '@/app/_i18n/phrases/zh-cn';
import { shippedModels } from '@/lib/registry/shipped-models/shipped-models';
import { reachedFrom } from './reached';
import { filesBelow, keysIn, refusalsIn, refusingIn, type Sentence, sentencesIn, sentencesOfGuards } from './sentences';

const read = phrasebook(phrases);

/** Words of English that are left of it; what stands for values aside. */
const english = (text: string) =>
  /[a-z]{2,} [a-z]{2,} /.test(`${text.replace(/Q\dx|sluice [a-z]+(?: [a-z]+)?|npm (?:run )?[a-z]+/g, '')} `);

/** Hints and descriptions, what the command line alone says, and endings that stand behind what is read. */
const asides = [
  /^looking for /,
  /^It (?:was not finished|is not known whether)/,
  /^(?:Weights are provider|select sluice\.policy)/,
  /asked for this test message/,
  /^duration such as/,
  /^(?:Q1x|dialect Q1x) was not Q2x: Q3x$|^Q1x Q2x the unknown key|is missing'/,
  /^(?: and neither luck|: | \(Q1x, ending|, Q1x in vain|, and this job may)/,
  /^(?:One of these words|The first that|Its (?:model, where|answer names)|How the job|In small letters|creates, polls)/,
  // Gates are told by their codes, and an emptied book by what it says of itself.
  /^Q1x is not open yet$|^\(this book was emptied\)$/,
];

/** Sentences that stay English, or lose one of their values. */
function unread(sentences: readonly Sentence[]): string[] {
  return sentences
    .filter(({ text }) => {
      if (asides.some((aside) => aside.test(text))) return false;
      const said = read(text);
      return said === null || english(said) || (text.match(/Q\dx/g) ?? []).some((value) => !said.includes(value));
    })
    .map(({ file, text }) => `${file}: ${text}`);
}

/** Rooms whose answers machines read, or the command line. */
const unheard =
  /^lib\/(?:as-code|doors\/(?:openai|fal|sluice|relay|jobs)|process|gateway\/request|relay)\/|^lib\/doors\/[\w-]+\.ts|cron\.ts|webhook-secrets\.ts/;

/** Rooms whose sentences pages show, each new file of them too, ... */
const rooms = ['lib/control', 'lib/notify', 'lib/registry', 'lib/split'];

/** ... but what of them the log, the command line, machines or a chat reads. */
const unshown =
  /^lib\/(?:control\/(?:cards|ticks|flags\/(?:flag-write|lock-holders)|journal\/anchor-line)|notify\/wording|registry\/(?:check-|follow-access|read-registry|shipped-models|keys\/seal|callers\/webhook-secrets))/;

/** What refusals reach, and is told by a key of the messages, or to machines, the log and the command line. */
const toldElse =
  /^lib\/(?:access|config|doors|postgres|rule|replay)\/|^lib\/http\/(?:as-problem|body\/read-form|defence)|^lib\/gateway\/test-call\//;

/** And where the data plane and the poller, not a refusal, say what a page shows. */
const parts = [
  'gateway/health/data-plane-alerts',
  'gateway/health/dead-keys',
  'gateway/health/own-trouble',
  'gateway/models/options-fault',
  'gateway/models/way',
  'gateway/providers/upstream',
  'gateway/request/in-our-words',
  'gateway/weights/arm-fault',
  'http/read-query',
  'jobs/over-quota',
  'jobs/poll/blocked-alerts',
  'jobs/poll/learn',
  'process/jobs/job-places',
  'relay/shape/ask-arms',
  'relay/shape/compare-shapes',
].map((name) => `lib/${name}.ts`);

describe('the sentences of the server in Chinese', () => {
  it.each([
    [
      'Provider acme was not changed: base_url is "x"; it must be an origin such as "https://a.example", without a path or a slash at its end.',
      '未更改供应商 acme：base_url 为 "x"，必须是源地址，例如 "https://a.example"，不带路径，末尾不带斜杠。',
    ],
    [
      'Provider acme was not changed: base_url is "https://a.example/acme"; it must be an origin such as "https://api.example.com", without a path or a slash at its end; remove "/acme", and where it belongs before every path, say so in the options, which all adapters but fal and runware heed: {"path_prefix":"/acme"}.',
      '未更改供应商 acme：base_url 为 "https://a.example/acme"，必须是源地址，例如 "https://api.example.com"，不带路径，末尾不带斜杠；请删去 "/acme"，若每个路径之前都要加上它，请写入选项（fal 和 runware 之外的适配器都采用）：{"path_prefix":"/acme"}。',
    ],
    [
      'The channel was not added: the URL points to 10.0.0.1, which is not a public address.',
      '未添加渠道：地址指向 10.0.0.1，它不是公网地址。',
    ],
    [
      'policy.stages[1].observe is "x"; it must be a duration from 10s to 30d such as "90s", "5m", "1h" or "1d", in steps of 10 s; policy.stages[0].name is missing; it must be a name such as "D1".',
      'policy.stages[1].observe 为 "x"，必须是 10s 到 30d 的时长，例如 "90s"、"5m"、"1h" 或 "1d"，以 10 秒为步长；缺少 policy.stages[0].name，必须是名称，例如 "D1"。',
    ],
    [
      'The database did not give the row away: the session with pid 7 holds it (psql). Let that session commit or roll back, or end it with select pg_terminate_backend(pid); then try again. Nothing was changed.',
      '数据库没有让出该行：会话 7 占用着它 (psql)。请让该会话提交或回滚，或用 select pg_terminate_backend(pid) 结束它，然后再试。未作更改。',
    ],
    [
      "/data/anchors holds what this machine's key did not sign (lines: 2): what was seen of the journal before cannot be compared; compare with the anchors of alerts and logs (sluice journal --verify --anchor LINE), then move the file away.",
      '/data/anchors 含有并非由本机密钥签名的内容（行数：2）：无法与先前所见的日志比对；请与告警和日志中的锚点比对 (sluice journal --verify --anchor LINE)，然后移走该文件。',
    ],
    ['/valid_days must be a number of days, or left out.', '/valid_days 必须是天数，也可不填。'],
    // What stands in no book is told as far as it is known.
    ['The channel was not added: it rains.', '未添加渠道：it rains。'],
    ['It rains.', null],
  ])('%s', (sentence, said) => {
    expect(read(sentence)).toBe(said);
  });

  it('has every key that a refusal brings, with no value but those it brings', () => {
    const brought = keysIn('lib');
    expect(brought.length).toBeGreaterThan(30);
    const wrong = brought.filter(({ key, values }) => {
      const said: string | undefined = (zh.problem.says as Record<string, string>)[key];
      const asked = [...(said ?? '').matchAll(/\{(\w+)/g)].map(([, name = '']) => name);
      return said === undefined || asked.some((name) => !values.includes(name));
    });
    expect(wrong).toEqual([]);
  });
  it('has every refusal', () => {
    const refusals = refusalsIn(['lib'], unheard);
    expect(refusals.length).toBeGreaterThan(70);
    expect(unread(refusals)).toEqual([]);
  });
  it('has every part of one', () => {
    const reached = reachedFrom(refusingIn(['lib'], unheard)).filter((file) => !toldElse.test(file));
    // Of rooms that nobody has listed, too.
    expect(reached).toContain('lib/gateway/compare/compare-arms.ts');
    expect(reached).toContain('lib/http/body/read-fields.ts');
    const files = new Set([...rooms.flatMap(filesBelow), ...reached].filter((file) => !unshown.test(file)));
    for (const file of parts) files.add(file);
    expect(unread(sentencesIn([...files]))).toEqual([]);
  });
  it('has where what is known of a model was read', () => {
    const sources = shippedModels.flatMap(({ source }) => (source ? [{ file: 'shipped-models', text: source }] : []));
    expect(sources.length).toBeGreaterThan(100);
    // What a vendor says stands in quotes, as it says it.
    expect(unread(sources.filter(({ text }) => english((read(text) ?? text).replace(/"[^"]*"/g, ''))))).toEqual([]);
    // Its parts are joined as Chinese joins them.
    expect(
      sources.map(({ text }) => read(text)).filter((said) => said?.replace(/"[^"]*"/g, '').includes('; ')),
    ).toEqual([]);
  });
  it('has what the guards of the database say', () => {
    const guards = sentencesOfGuards(/_fault(?:_of|_among)?$|^guard_(?:flag|registry|dialect)$|^key_variable$/);
    expect(guards.length).toBeGreaterThan(70);
    expect(unread(guards)).toEqual([]);
  });
});
