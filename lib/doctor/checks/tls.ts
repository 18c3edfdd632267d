import { type Check, ok, problem } from './finding';

const soonDays = 7;

export const tls: Check = async ({ peers, handshake }, signal) => {
  const how = 'a TLS handshake with certificate check';
  return Promise.all(
    peers
      .filter((peer) => peer.tls)
      .map(async ({ host, port, key }) => {
        const place = port === 443 ? host : `${host}:${port}`;
        const answer = await handshake(host, port, signal);
        if (!answer.ok) {
          const fix = `see what stands between: proxy, firewall, clock, certificate authorities (${key})`;
          return problem('tls', `${place}: ${answer.error}`, how, fix);
        }
        const days = answer.daysLeft ?? soonDays;
        return days < soonDays
          ? problem('tls', `the certificate of ${place} ends in ${days} days`, how, 'tell whoever runs that host')
          : ok('tls', `${place} shakes hands`, how);
      }),
  );
};
