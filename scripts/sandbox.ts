import { parseArgs } from 'node:util';
import { outliveOutput } from '@/lib/config/output';
import { startSandbox } from './sandbox/start';

const usage = `Two sandbox providers on loopback, with the wire formats of FAL and Runware.

  node --import tsx scripts/sandbox.ts [--fal-port N] [--runware-port N] [--seed N]

Ports also come from SANDBOX_FAL_PORT and SANDBOX_RUNWARE_PORT; 0 or none is any free port.
Prints one line of JSON: {"falUrl","runwareUrl","falKey","runwareKey"}.
Faults: GET, POST and DELETE <url>/__sandbox, for instance {"failureRate":0.2,"latencyMs":{"median":900,"p95":9000}}.`;

function numberOf(name: string, text: string | undefined, fallback: number): number {
  const value = Number(text ?? fallback);
  if (Number.isInteger(value) && value >= 0 && value < 2 ** 31) return value;
  throw new Error(`--${name} is '${text}'; it must be a whole number`);
}

async function main(): Promise<void> {
  outliveOutput();
  const { values } = parseArgs({
    options: {
      'fal-port': { type: 'string' },
      'runware-port': { type: 'string' },
      seed: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return console.log(usage);
  const sandbox = await startSandbox({
    falPort: numberOf('fal-port', values['fal-port'] ?? process.env.SANDBOX_FAL_PORT, 0),
    runwarePort: numberOf('runware-port', values['runware-port'] ?? process.env.SANDBOX_RUNWARE_PORT, 0),
    seed: numberOf('seed', values.seed, 1),
  });
  let isEnding = false;
  const end = () => {
    if (isEnding) return;
    isEnding = true;
    void sandbox.close().then(() => process.exit(0));
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  // Last: whoever reads this line may send a signal at once.
  const { falUrl, falKey, runwareUrl, runwareKey } = sandbox;
  console.log(JSON.stringify({ falUrl, runwareUrl, falKey, runwareKey }));
}

main().catch((error: unknown) => {
  console.error(`sandbox: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
