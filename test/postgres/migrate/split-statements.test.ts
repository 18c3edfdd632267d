import { expect, test } from 'vitest';
import { splitStatements } from '@/lib/postgres/migrate/split-statements';

test.each([
  ['select 1; select 2;', ['select 1', 'select 2']],
  ["select ';'; select ';;'", ["select ';'", "select ';;'"]],
  ["select 'it''s; fine'", ["select 'it''s; fine'"]],
  ['select ";" from "a;b"', ['select ";" from "a;b"']],
  ['-- a; b\nselect 1', ['-- a; b\nselect 1']],
  ['/* a; b */ select 1; /* the end; */', ['/* a; b */ select 1']],
  ['do $$ begin a; b; end $$; select 2', ['do $$ begin a; b; end $$', 'select 2']],
  ['do $x$ begin $$ ; $$; end $x$; select 2', ['do $x$ begin $$ ; $$; end $x$', 'select 2']],
  [
    'create function f() begin atomic select case when a then b end; select 2; end; select 3',
    ['create function f() begin atomic select case when a then b end; select 2; end', 'select 3'],
  ],
  ['select case when a then b end; select 2', ['select case when a then b end', 'select 2']],
  [' ;; -- nothing\n', []],
])('cuts %j', (text, expected) => {
  expect(splitStatements(text)).toEqual(expected);
});
