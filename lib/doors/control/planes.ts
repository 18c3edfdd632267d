import type { Actor } from '@/lib/access/identity';
import type { Identities } from '@/lib/access/sign-in';
import type { Role } from '@/lib/api/roles';
import type { Snapshot } from '@/lib/api/snapshot';
import type { SplitsView } from '@/lib/api/splits-view';
import type { ChartedControl } from '@/lib/charts/series-store';
import type { Env } from '@/lib/config/env';
import type { Log } from '@/lib/config/log';
import type { Controls } from '@/lib/control/splits/controls';
import type { DataPlane } from '@/lib/gateway/request/data-plane';
import type { Throttle } from '@/lib/http/defence/throttle';
import type { WrongCredentials } from '@/lib/http/defence/wrong-credentials';
import type { Head, Outgoing } from '@/lib/http/message';
import type { JobDesk } from '@/lib/jobs/operate/job-desk';
import type { Channels } from '@/lib/notify/alert-channels';
import type { DeliveryOutcome } from '@/lib/notify/outbox';
import type { Caller } from '@/lib/registry/callers/caller';
import type { CallerStore } from '@/lib/registry/callers/caller-store';
import type { KeyStore } from '@/lib/registry/keys/key-store';
import type { SecretKey } from '@/lib/registry/keys/stored-keys';
import type { SpendingStore } from '@/lib/registry/spending-store';

/** What the handlers of the control plane answer by. Each part comes to life when it is first asked for. */
export interface Planes {
  runtime(): {
    readonly env: Pick<Env, 'SLUICE_PUBLIC_URL'>;
    readonly log: Log;
    readonly dataPlane: DataPlane;
    readonly whoCalls: (head: Head) => Caller;
  };
  controlPlane(): {
    readonly controls: Controls<ChartedControl>;
    /** The first split's. */
    readonly control: ChartedControl;
    readonly throttles: Readonly<Record<'mail' | 'cron' | 'compare' | 'test', Throttle>>;
    /** Whose comparison runs now. */
    readonly comparing: Set<string>;
    readonly cronSecret: string | null;
    readonly wrong: WrongCredentials;
    /** The first split's. */
    readonly snapshots: { read(actor: Actor): Promise<Snapshot> };
    readonly splits: { read(actor: Actor): Promise<SplitsView> };
    readonly jobs: JobDesk;
    feedOf(key: string): { read(actor: Actor): Promise<Snapshot> };
    guard(head: Head, role: Role): Promise<Actor>;
    /** Of the split that is found once it is known who watches, by its key; null: of the list of all. */
    stream(head: Head, split: () => Promise<string | null>): Promise<Outgoing>;
    tick(by: string, intervalSeconds: number): Promise<{ readonly result: 'decided' | 'skipped' | 'failed' }>;
  };
  access(): {
    readonly identities: Identities;
    readonly channels: Channels;
    readonly callers: CallerStore;
    readonly keys: KeyStore;
    readonly spending: SpendingStore;
    readonly secretKey: SecretKey;
    /** What the environment holds for a provider. */
    environmentKey(provider: string): string | null;
    testChannel(id: number, by: string): Promise<DeliveryOutcome>;
  };
  metrics(): () => Promise<{ readonly type: string; readonly text: string }>;
}
