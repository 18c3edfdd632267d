import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { freeze, killHard } from '@/test/support/freeze';
import { startTcpProxy, type TcpProxy } from '@/test/support/tcp-proxy';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** A process of ours with its own way to the database, that can be frozen, killed and cut off, and always comes back. */
export interface Member {
  readonly name: string;
  /** `web-1#3`: its third life. */
  readonly life: string;
  /** null while it starts. */
  readonly url: string | null;
  freeze(ms: number): Promise<void>;
  kill(): Promise<void>;
  /** Bytes of these directions vanish; afterwards every connection that lost some is cut, as TCP would in the end. */
  blackHole(way: 'both' | 'to client', ms: number): Promise<void>;
  reset(): void;
  ready(): Promise<void>;
  stop(): Promise<void>;
}

export interface MemberOptions {
  readonly name: string;
  readonly script: string;
  readonly databaseUrl: string;
  readonly env: Readonly<Record<string, string>>;
  /** What it prints once it serves; its first group is its address. */
  readonly ready: RegExp;
  readonly rewrite?: (chunk: Buffer) => Buffer;
  /** What each word to the database takes longer: the time between reading and writing grows with it. */
  readonly delayMs?: number;
  /** It ended by itself, which nobody may; with what it said last. */
  readonly onCrash: (life: string, said: string) => void;
}

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export async function startMember(options: MemberOptions): Promise<Member> {
  const server = new URL(options.databaseUrl);
  const rewrite = options.rewrite ? { rewrite: options.rewrite } : {};
  const proxy = await startTcpProxy({ port: Number(server.port), ...rewrite });
  server.host = `127.0.0.1:${proxy.port}`;
  proxy.toServer.delayMs = options.delayMs ?? 0;
  const member = new ProcessMember(options, proxy, server.toString());
  await member.start();
  return member;
}

class ProcessMember implements Member {
  url: string | null = null;
  private lives = 0;
  private child: ChildProcess | null = null;
  private starting: Promise<void> = Promise.resolve();
  private busy = false;
  private isEnding = false;
  private isKilled = false;

  constructor(
    private readonly options: MemberOptions,
    private readonly proxy: TcpProxy,
    private readonly databaseUrl: string,
  ) {}

  get name(): string {
    return this.options.name;
  }

  get life(): string {
    return `${this.options.name}#${this.lives}`;
  }

  start(): Promise<void> {
    this.starting = this.spawn();
    return this.starting;
  }

  private spawn(): Promise<void> {
    const { script, env, ready } = this.options;
    const inherited = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' };
    const child = spawn(process.execPath, ['--import', 'tsx', script], {
      cwd: root,
      env: { ...inherited, ...env, DATABASE_URL: this.databaseUrl } as unknown as NodeJS.ProcessEnv,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const endWithUs = () => child.kill('SIGKILL');
    process.once('exit', endWithUs);
    this.child = child;
    this.lives += 1;
    const life = this.life;
    let output = '';
    return new Promise((resolve) => {
      const read = (chunk: Buffer) => {
        output = (output + chunk.toString()).slice(-8000);
        const found = ready.exec(output);
        if (!found || this.life !== life) return;
        this.url = found[1] ?? null;
        resolve();
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.stdin.on('error', () => undefined);
      child.once('exit', (code, signal) => {
        process.off('exit', endWithUs);
        resolve();
        if (this.isEnding || this.isKilled) return;
        this.options.onCrash(life, `${code ?? signal}: ${output.slice(-2000)}`);
        this.url = null;
        void this.start();
      });
    });
  }

  async freeze(ms: number): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    const thaw = freeze(this.child?.pid ?? 0);
    await wait(ms);
    thaw();
    this.busy = false;
  }

  async kill(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.isKilled = true;
    this.url = null;
    const { child } = this;
    if (child && child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      killHard(child.pid ?? 0);
      await gone;
    }
    this.isKilled = false;
    await this.start();
    this.busy = false;
  }

  async blackHole(way: 'both' | 'to client', ms: number): Promise<void> {
    this.proxy.toClient.blackHole = true;
    this.proxy.toServer.blackHole = way === 'both';
    await wait(ms);
    this.proxy.reset();
    this.proxy.toClient.blackHole = false;
    this.proxy.toServer.blackHole = false;
  }

  reset(): void {
    this.proxy.reset();
  }

  async ready(): Promise<void> {
    while (this.busy) await wait(20);
    await this.starting;
  }

  async stop(): Promise<void> {
    this.isEnding = true;
    const { child } = this;
    if (child && child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
      // The front of tests ends with its input, as the product's does at SIGTERM: with all it has to say said.
      if (this.url === null) child.kill('SIGTERM');
      else child.stdin?.end();
      await gone;
      clearTimeout(late);
    }
    await this.proxy.close();
  }
}
