import { env } from '@/lib/config/env';
import { processLog } from '@/lib/config/log';
import { allowedHosts } from '@/lib/http/defence/addresses';
import { createFront } from '@/lib/process/front/front';
import { listen } from '@/lib/process/front/listen';
import { startRuntime } from '@/lib/process/web-runtime';

/** The front with everything on, without the pages: none of them is asked here. */
const log = processLog(env().LOG_LEVEL, {});
const runtime = startRuntime(env(), log);
await runtime.firstRead;
const { entries, relays } = runtime;
const front = createFront({
  entries,
  relays,
  allowed: allowedHosts(env()),
  log,
  trustedHops: 0,
  next: null,
  nextLimitBytes: 0,
});
const { port } = await listen(front, 0, '127.0.0.1');
console.log(`LISTENING ${port}`);
process.stdin.resume().once('end', () => process.exit(0));
