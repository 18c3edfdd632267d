import { expect, test } from 'vitest';
import { runAs } from '@/lib/postgres/embedded/run-as';

const root = 'root:x:0:0:root:/root:/bin/bash\n';
const daemon = 'daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n';
const nobody = 'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n';
const postgres = 'postgres:x:101:104:,,,:/var/lib/postgresql:/bin/bash\n';
const ann = 'ann:x:1000:1000::/home/ann:/bin/bash\n';

test.each([
  ['a user', 1000, root + nobody, {}],
  ['root with the database’s own user', 0, root + nobody + postgres, { uid: 101, gid: 104 }],
  ['root with nobody', 0, root + ann + nobody, { uid: 65534, gid: 65534 }],
  ['root with a service only', 0, root + ann + daemon, { uid: 1, gid: 1 }],
  ['root with a person only', 0, root + ann, { uid: 1000, gid: 1000 }],
])('%s', (_who, uid, passwd, ids) => {
  expect(runAs(uid, () => passwd)).toEqual(ids);
});

test('root alone is told what to do', () => {
  expect(() => runAs(0, () => root)).toThrow('/etc/passwd names no other user: add one');
});
