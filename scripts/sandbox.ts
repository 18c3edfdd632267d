import { parseArgs } from 'node:util';
import { outliveOutput } from '@/lib/config/output';
import { type AdapterName, adapterNames } from '@/lib/gateway/providers/adapters';
import { portVariable, startSandbox } from './sandbox/start';

const usage = `A sandbox provider on loopback for each adapter: ${adapterNames.join(', ')}.

  node --import tsx scripts/sandbox.ts ${adapterNames.map((name) => `[--${name}-port N]`).join(' ')} [--seed N]

Ports also come from ${adapterNames.map(portVariable).join(', ')}; 0 or none is any free port.
Prints one line of JSON: {"falUrl","falKey", …}.
Faults: GET, POST and DELETE <url>/__sandbox, for instance {"failureRate":0.2,"latencyMs":{"median":900,"p95":9000}}.`;

function numberOf(name: string, text: string | undefined, fallback: number): number {
  const value = Number(text ?? fallback);
  if (Number.isInteger(value) && value >= 0 && value < 2 ** 31) return value;
  throw new Error(`--${name} is '${text}'; it must be a whole number`);
}

function portOf(name: AdapterName, values: Readonly<Record<string, unknown>>): number {
  const said = values[`${name}-port`] as string | undefined;
  return numberOf(`${name}-port`, said ?? process.env[portVariable(name)], 0);
}

async function main(): Promise<void> {
  outliveOutput();
  const { values } = parseArgs({
    options: {
      ...Object.fromEntries(adapterNames.map((name) => [`${name}-port`, { type: 'string' as const }])),
      seed: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return console.log(usage);
  const sandbox = await startSandbox({
    ...Object.fromEntries(adapterNames.map((name) => [`${name}Port`, portOf(name, values)])),
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
  // Last: the process that reads this line may send a signal at once.
  // Its functions are no JSON.
  console.log(JSON.stringify(sandbox));
}

main().catch((error: unknown) => {
  console.error(`sandbox: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
