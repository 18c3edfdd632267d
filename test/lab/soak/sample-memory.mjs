// Preloaded into the web process of a soak: what is left after a collection, and what is open, a line at a time.
import { appendFileSync, readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const { SOAK_SAMPLES: file, SOAK_SAMPLE_MS: everyMs } = process.env;
if (file && process.argv[1]?.endsWith('web.mjs')) {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  setInterval(() => {
    collect();
    const { rss, heapUsed } = process.memoryUsage();
    const sample = { pid: process.pid, rss, heap: heapUsed, descriptors: openDescriptors() };
    appendFileSync(file, `${JSON.stringify(sample)}\n`);
  }, Number(everyMs)).unref();
}

function openDescriptors() {
  for (const folder of ['/proc/self/fd', '/dev/fd']) {
    try {
      return readdirSync(folder).length;
    } catch {
      // Not on this system.
    }
  }
  return null;
}
