import { parseEnv } from '@/lib/config/env';
import { createLog } from '@/lib/config/log';
import { startRuntime } from '@/lib/process/web-runtime';

/**
 * What a web process is besides its pages, in a process of its own. Says `version <n> <ns> <ms>` on the monotonic and the
 * wall clock of this machine at the moment from which its requests are routed by that version.
 */
let last: number | null = null;
const said = {
  write(line: string) {
    if (!line.includes('routing by new weights')) return;
    const { version } = instance.dataPlane.weights.routing;
    // A version is routed by when the next request is, not when somebody says so.
    if (version === null || version === last) return;
    last = version;
    process.stdout.write(`version ${version} ${process.hrtime.bigint()} ${Date.now()}\n`);
  },
};
const instance = startRuntime(parseEnv(process.env), createLog('info', {}, said));
await instance.firstRead;
console.log('LISTENING 1');
process.stdin.resume().once('end', () => process.exit(0));
process.once('SIGTERM', () => void instance.stop().then(() => process.exit(0)));
