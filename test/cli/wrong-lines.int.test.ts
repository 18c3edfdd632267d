import { expect, it } from 'vitest';
import { sluiceLines } from '../support/sluice-line';

const sluiceLine = sluiceLines();
const databaseUrl = 'postgres://nobody:x@127.0.0.1:1/none';
const whole = 'it must be a whole number from';

it.each<[string, string]>([
  ['status --nope', 'There is no option --nope here.\nUsage: sluice status [--split SLUG]'],
  ['status -x', 'There is no option -x here.'],
  ['alerts test -1', 'There is no option -1 here; a word that begins with "-" stands behind --.'],
  ['status --split', '--split needs a value.\nUsage: sluice status [--split SLUG]'],
  ['retention --keep -1d', '--keep needs a value; one that begins with "-" is written --keep=-…'],
  ['status --json=1', '--json takes no value.'],
  ['status more', '"more" is more than it takes.\nUsage: sluice status [--split SLUG]'],
  ['plan', 'Usage: sluice plan FILE'],
  ['splits nope', 'There is no "nope" here.\nUsage: sluice splits [list'],
  ['operators toString', 'There is no "toString" here.\nUsage: sluice operators add'],
  ['alerts toString', 'There is no "toString" here.\nUsage: sluice alerts add'],
  ['operators add', 'Usage: sluice operators add'],
  ['operators add ada --days 0', `--days is "0"; ${whole} 1 to 3650.`],
  ['operators invite ada --role king', '"king" is not a role: viewer, operator, admin.'],
  ['callers rotate', 'Usage: sluice callers add'],
  ['models add fal', 'Usage: sluice models [list'],
  ['models show', 'Usage: sluice models [list'],
  ['dialects add film', 'Usage: sluice dialects [list'],
  ['dialects add film --rules /no/such', 'Nothing was read: /no/such is not there.'],
  ['policy check', 'Usage: sluice policy [show'],
  ['policy save', 'Usage: sluice policy [show'],
  ['policy check /no/such', 'Nothing was read: /no/such is not there.'],
  ['replay --ndjson /no/such', 'Nothing was read: /no/such is not there.'],
  ['replay --from x', '--from is "x"; it must be an instant such as 2026-11-21T03:00:00Z.'],
  ['preflight --policy /no/such', 'Nothing was read: /no/such is not there.'],
  ['preflight --runs 0', `--runs is "0"; ${whole} 1 to 10000.`],
  ['requests --limit 0', `--limit is "0"; ${whole} 1 to 1000.`],
  ['requests --from x', '--from is "x"; it must be an instant'],
  ['jobs --limit 1001', `--limit is "1001"; ${whole} 1 to 1000.`],
  ['watch --every 0', `--every is "0"; ${whole} 1 to 86400.`],
  ['weights {"fal":1} --if-version x', '--if-version is "x"; it must be a whole number.'],
  ['weights {bad', "'{bad' is not JSON"],
  ['nope', 'There is no command "nope"; they are status,'],
  ['help nope', 'There is no command "nope"; they are status,'],
  ['--json status', 'Options stand behind the command: sluice COMMAND --json.'],
])('%s is told before a database is asked', async (line, said) => {
  const args = line.split(' ');
  const { code, stdout, stderr } = await sluiceLine(args, { databaseUrl });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr.slice(0, `sluice ${args[0]}: ${said}`.length)).toBe(`sluice ${args[0]}: ${said}`);
});

it('help of one command is what its --help says', async () => {
  const [help, asked] = [await sluiceLine(['help', 'status']), await sluiceLine(['status', '--help'])];
  expect(help).toEqual(asked);
  expect(help.stdout).toContain('sluice status [--split SLUG]');
});
