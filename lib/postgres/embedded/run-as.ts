import { readFileSync } from 'node:fs';

/** The Unix ids Postgres runs under; empty when it runs as the user of this process. */
export interface Ids {
  readonly uid?: number;
  readonly gid?: number;
}

/** Postgres refuses to run as root, so root lends it another user: the database's own, else one with no rights. */
export function runAs(myUid = process.getuid?.(), passwd: () => string = readPasswd): Ids {
  if (myUid !== 0) return {};
  const users = parsePasswd(passwd());
  const chosen =
    users.find((user) => user.name === 'postgres') ??
    users.find((user) => user.name === 'nobody') ??
    // initdb looks its user up by id, so a made-up id will not do: any account of the system that is not root.
    users.find((user) => /\/(nologin|false)$/.test(user.shell)) ??
    users[0];
  if (chosen === undefined) {
    throw new Error(
      'Postgres does not run as root and /etc/passwd names no other user: add one (useradd --system postgres), ' +
        'start as another user, or set DATABASE_URL',
    );
  }
  return { uid: chosen.uid, gid: chosen.gid };
}

function parsePasswd(text: string) {
  return text
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 7 && Number(fields[2]) > 0)
    .map((fields) => ({
      name: fields[0] ?? '',
      uid: Number(fields[2]),
      gid: Number(fields[3]),
      shell: fields[6] ?? '',
    }));
}

function readPasswd(): string {
  return readFileSync('/etc/passwd', 'utf8');
}
