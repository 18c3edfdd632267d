import { setTimeout as wait } from 'node:timers/promises';
import { PortRefused } from '@/lib/process/front/listen';
import { type FromWeb, pagesFailed, pagesLater } from '@/lib/process/front/messages';
import { Child, type ChildOptions } from './child';
import { localUrl } from './local-url';
import { refusedPort } from './port';

interface WebChildOptions extends Omit<ChildOptions, 'name' | 'env' | 'args' | 'onMessage'> {
  readonly env: Record<string, string>;
  readonly host: string;
  readonly port: number;
  readonly arePagesBuilt: boolean;
}

const wordsFor = { ready: [], building: [pagesLater], failed: [pagesFailed] } as const;

/** The web process: it says itself where it listens, so that the answer of another program is not taken for its. */
export class WebChild {
  readonly child: Child;
  private pages: keyof typeof wordsFor;
  private readonly listening: Promise<void>;
  private listens: () => void = () => {};
  private refuses: (error: unknown) => void = () => {};

  constructor(private readonly options: WebChildOptions) {
    this.pages = options.arePagesBuilt ? 'ready' : 'building';
    this.child = new Child({
      ...options,
      name: 'web',
      env: { ...options.env, PORT: String(options.port) },
      args: () => wordsFor[this.pages],
      onMessage: (message) => this.hear(message as FromWeb),
    });
    this.listening = new Promise((resolve, reject) => {
      this.listens = resolve;
      this.refuses = reject;
    });
    this.listening.catch(() => undefined);
  }

  start(): void {
    this.child.start();
  }

  /** Resolves with its address when it is ready to serve; rejects when its port is another's. */
  async ready(): Promise<string> {
    await this.listening;
    const url = localUrl(this.options.host, this.options.port);
    while (!(await isReady(url))) await wait(50);
    return url;
  }

  /** Tells it, and every later one, what has become of the pages. */
  pagesAre(pages: 'ready' | 'failed'): void {
    this.pages = pages;
    this.child.send({ pages });
  }

  private hear(message: FromWeb): void {
    if ('listening' in message) this.listens();
    if (!('refused' in message)) return;
    const refused = new PortRefused(message.code, message.refused, null);
    void refusedPort(refused, this.options.port, this.options.host).then((error) => this.refuses(error));
  }
}

async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/api/health/ready`, { signal: AbortSignal.timeout(2_000) }).then(
    (response) => response.ok,
    () => false,
  );
}
