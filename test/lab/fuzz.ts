import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

// npm run fuzz                                        100,000 requests, 20,000 texts a parser
// npm run fuzz -- --requests 5000 --texts 1000 --seed 7
// npm run fuzz -- --seed 7 --path 41:0 routes         what a failure printed, again; a name picks the files
const { values, positionals } = parseArgs({
  options: {
    requests: { type: 'string', default: '100000' },
    texts: { type: 'string', default: '20000' },
    seed: { type: 'string' },
    path: { type: 'string' },
  },
  allowPositionals: true,
});
const seed = values.seed ?? String(Date.now() % 2 ** 31);
console.log(`seed ${seed}`);

const { status } = spawnSync(
  process.execPath,
  ['--import', 'tsx', 'scripts/test.ts', 'unit', 'integration', `test/lab/fuzz/${positionals[0] ?? ''}`],
  {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    stdio: 'inherit',
    env: {
      ...process.env,
      SLUICE_FUZZ_REQUESTS: values.requests,
      SLUICE_FUZZ_TEXTS: values.texts,
      SLUICE_FUZZ_SEED: seed,
      ...(values.path ? { SLUICE_FUZZ_PATH: values.path } : {}),
    },
  },
);
process.exitCode = status ?? 1;
