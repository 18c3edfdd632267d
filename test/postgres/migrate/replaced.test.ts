import { expect, test } from 'vitest';
import { readMigrations } from '@/lib/postgres/migrate/files';
import { replaced, replacedIn, standInFor } from '@/lib/postgres/migrate/replaced';

const rowsOf = (files: readonly string[]) =>
  files.map((file) => ({ version: file.slice(0, 14), name: file.slice(15) }));
// What came after the set is applied to a database that had the replaced files, as to any other.
const set = readMigrations().filter(({ version }) => version <= '20261129001200');
const shop = { version: '20261121000100', name: 'shop' };

test('the set stands in where each replaced file is applied, whichever ledger says so', () => {
  const [own, clis] = [rowsOf(replaced.slice(0, 20)), rowsOf(replaced.slice(20))];
  const later = { version: '20991231235959', name: 'later', file: 'later.sql', statements: [] };
  expect(standInFor({ own, clis }, [...set, later])).toEqual(set);
});

test.each([
  ['no row', []],
  ['rows of the set', set],
  ["a team's file of the same version", [shop]],
])('it does not where the ledgers hold %s', (_, own) => {
  expect(standInFor({ own, clis: [] }, set)).toBeNull();
});

test.each([replaced.slice(0, 1), replaced.slice(0, -1), replaced.slice(1)])('a part of them is refused', (...files) => {
  const missing = replaced.find((file) => !files.includes(file));
  expect(() => standInFor({ own: rowsOf(files), clis: [] }, set)).toThrow(`first ${missing}.sql`);
});

test("a team's file is not among the replaced ones", () => {
  expect(replacedIn([shop, ...rowsOf(replaced)])).toEqual(replaced.map((file) => file.slice(0, 14)));
});
