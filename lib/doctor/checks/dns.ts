import { type Check, ok, problem } from './finding';

export const dns: Check = async ({ peers, resolve }, signal) => {
  const hosts = new Map(peers.map(({ host, key }) => [host, key]));
  return Promise.all(
    [...hosts].map(async ([host, key]) => {
      const how = 'asked the resolver of this machine';
      const answer = await resolve(host, signal);
      return answer.ok
        ? ok('dns', `${host} resolves`, how)
        : problem('dns', `${host} does not resolve (${answer.error})`, how, `check ${key} and /etc/resolv.conf`);
    }),
  );
};
