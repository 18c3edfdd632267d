import { judgeAnswer } from './answer';
import { wireRequest } from './formats';
import type { Notifier } from './outbox';
import { type PosterOptions, type WebhookPoster, webhookPoster } from './post-webhook';
import { webhookUrlFault } from './webhook-url';

interface NotifierOptions extends PosterOptions {
  readonly publicUrl: string | null;
  readonly deadlineMs?: number;
  readonly now: () => number;
}

/** Alerts, in what each kind of channel understands. */
export function webhookNotifier(
  options: NotifierOptions,
  poster: WebhookPoster = webhookPoster(options),
): Notifier & { close(): Promise<void> } {
  const { publicUrl, deadlineMs = 10_000, now } = options;
  return {
    addressFault: (url) => poster.addressFault(url),
    async deliver(channel, message) {
      const fault = webhookUrlFault(channel.url, options.allowPrivate);
      if (fault !== null) return { ok: false, error: fault };
      const posted = await poster.post(wireRequest(channel, message, publicUrl, now()), deadlineMs);
      return 'error' in posted
        ? { ok: false, error: posted.error }
        : judgeAnswer(channel.kind, posted.status, posted.body);
    },
    close: () => poster.close(),
  };
}
