import { expect, it } from 'vitest';
import { targetOf } from '@/lib/relay/canonical-path';

it.each([
  ['/acme/v1/things', '/v1/things', ''],
  ['/acme', '/', ''],
  ['/acme/', '/', ''],
  ['/acme?x=1', '/', '?x=1'],
  ['/acme/a%20b/.well-known/x..y/%E4%BD%A0?q=%2e%2e/%2f', '/a%20b/.well-known/x..y/%E4%BD%A0', '?q=%2e%2e/%2f'],
])('sends %s on as it was written', (url, path, search) => {
  expect(targetOf(url, '/acme')).toEqual({ path, search });
});

it.each([
  ['/a%2fb', 'slash'],
  ['/a%5Cb', 'backslash'],
  ['/a\\b', 'backslash'],
  ['/a%252fb', 'slash'],
  ['/../x', '. or ..'],
  ['/a/..', '. or ..'],
  ['/a/%2e%2E/b', '. or ..'],
  ['/a/.%2e;x/b', '. or ..'],
  ['/./a', '. or ..'],
  ['/%252e%252e/a', 'slash'],
  ['//a', 'two slashes'],
  ['/a//b', 'two slashes'],
  ['/a%00b', 'control character'],
  ['/a%0d%0ab', 'control character'],
  ['/a%ff', 'UTF-8'],
  ['/a%zz', 'UTF-8'],
  ['/a#b', '#'],
  ['/a\u00e9', '%XX'],
  ['/a?b\u00e9', '%XX'],
  ['/v1/%74asks/x', '%74, which must be written as t'],
  ['/v1/image%5fto_video', '%5f, which must be written as _'],
  ['/v1/%7Euser', '%7E, which must be written as ~'],
  ['/v1/tasks;x/y', 'semicolon'],
  ['/v1/tasks%3bx/y', 'semicolon'],
])('does not send /acme%s on', (path, why) => {
  expect(targetOf(`/acme${path}`, '/acme')).toContain(why);
});
