import type { Change } from '../change';
import { nameOf } from '../rows';
import { fieldsToShow, outcomeText, slugsOf, summaryOf, type ToldPlan, unlistedLines, valueText } from './tell-plan';

const words = { add: 'add', change: 'change', remove: 'remove' } as const;

/** The plan as a comment under a pull request. */
export function planMarkdown(told: ToldPlan): string {
  const { plan, replays, warnings, refused } = told;
  const slugs = slugsOf(plan);
  const parts = [`### Sluice: \`${plan.file.replaceAll('`', '')}\``, cell(summaryOf(plan))];
  if (plan.changes.length > 0)
    parts.push(
      table(
        ['', 'row', 'field', 'now', 'then'],
        plan.changes.flatMap((change) => changeRows(change, nameOf(change.row, slugs))),
      ),
    );
  if (replays.length > 0)
    parts.push(
      '**What the changed policies would have done to recorded traffic**',
      table(
        ['split', 'days', 'requests', 'the policy that judges now', 'the policy of the file'],
        replays.map(({ split, days, requests, was, becomes }) => [
          slugs.get(split) ?? split,
          String(Number(days.toFixed(2))),
          requests === 0 ? 'no traffic' : String(requests),
          was === null ? '' : outcomeText(was),
          becomes === null ? '' : outcomeText(becomes),
        ]),
      ),
    );
  parts.push(...warnings.map((warning) => `**At once:** ${cell(warning)}`));
  if (refused !== null) parts.push(`**The database would refuse it:** ${cell(refused)}`);
  parts.push(...plan.unset.map((name) => `${cell(name)} is not set here; an apply needs it.`));
  parts.push(...unlistedLines(plan, slugs).map((line) => `> ${cell(line)}`));
  return `${parts.join('\n\n')}\n`;
}

function changeRows(change: Change, name: string): string[][] {
  const fields = fieldsToShow(change);
  if (fields.length === 0) return [[words[change.kind], name, '', '', '']];
  return fields.map(({ field, was, becomes }, at) => [
    at === 0 ? words[change.kind] : '',
    at === 0 ? name : '',
    field,
    valueText(was),
    valueText(becomes),
  ]);
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(header), `|${header.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

/** What the file says stays text: no markup, no link, no mention, no new cell. */
function cell(text: string): string {
  return text
    .replace(/[\\`*_{}[\]<>|~#&]/g, '\\$&')
    .replace(/@/g, '@\u200b')
    .replace(/\s+/g, ' ');
}
