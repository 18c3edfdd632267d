import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const files = readdirSync('supabase/migrations').sort();
const lines = readFileSync('supabase/migrations.sha256', 'utf8').trimEnd().split('\n');
const seals = lines.map((line) => line.split('  ').reverse() as [file: string, digest: string]);

it.each(seals)('%s is as it landed', (file, digest) => {
  const now = files.includes(file) ? hash('sha256', readFileSync(`supabase/migrations/${file}`)) : 'no file';
  const said = `${file} has landed, and databases have applied it as it was: undo your change, and append a new migration instead`;
  expect(now, said).toBe(digest);
});

it('each migration is sealed, in the order in which they are applied', () => {
  const said = 'append a new migration behind all others, and when it is finished: npm run migrate:seal';
  expect(
    seals.map(([file]) => file),
    said,
  ).toEqual(files);
});

/** The first that takes rights by itself: those before it name what they take. */
const closing = '20261129003090';

it.each(files.filter((file) => file >= closing))('%s ends by taking the rights that new things come with', (file) => {
  const text = readFileSync(`supabase/migrations/${file}`, 'utf8');
  const said = 'end it with: select sluice.grant_roles(on_adopted => false);';
  if (/^create (?:table|function|or replace function|view|sequence) /m.test(text))
    expect(text.trimEnd().endsWith('select sluice.grant_roles(on_adopted => false);'), said).toBe(true);
});
