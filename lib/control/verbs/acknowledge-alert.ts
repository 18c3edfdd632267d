import { Refusal, says } from '@/lib/kernel/refusal';
import type { Control } from '../control';

interface Acknowledgement {
  readonly id: number;
  readonly by: string;
  readonly reason: string | null;
}

export async function acknowledgeAlert(control: Control, { id, by, reason }: Acknowledgement): Promise<{ id: number }> {
  if (await control.alerts.acknowledge(id, by, reason)) return { id };
  throw new Refusal(
    'no-such-alert',
    `There is no open alert ${id} that waits to be acknowledged.`,
    says('no-such-alert', { id }),
  );
}
