import { type Check, ok, problem } from './finding';

const othersMay = 0o077;

export const secretFiles: Check = async (instruments) => {
  const how = 'read the permission bits';
  const open = (await instruments.secretFiles()).filter(({ mode }) => (mode & othersMay) !== 0);
  if (open.length === 0) return [ok('secret files', 'nobody else can read our secrets', how)];
  return open.map(({ path, mode }) =>
    problem('secret files', `${path} is open to others (mode ${(mode & 0o777).toString(8)})`, how, `chmod 600 ${path}`),
  );
};
