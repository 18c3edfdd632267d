import type { ChannelKind } from '@/lib/api/alerts';
import { oneLine } from '@/lib/kernel/plain-text';
import type { DeliveryOutcome } from './outbox';

/** Feishu, DingTalk and WeCom answer 200 to what they refuse; the code in the body is the truth. */
export function judgeAnswer(kind: ChannelKind, status: number, body: string): DeliveryOutcome {
  if (status >= 300 && status < 400) return failed(`answered ${status}: redirects are not followed`);
  if (status < 200 || status > 299) return failed(`answered ${status}${excerpt(body)}`);
  if (kind === 'webhook' || kind === 'slack') return { ok: true };
  const code = codeIn(body);
  return code === 0 ? { ok: true } : failed(`answered ${status} with code ${code ?? 'missing'}${excerpt(body)}`);
}

function codeIn(body: string): number | null {
  try {
    const answer = JSON.parse(body) as { code?: unknown; StatusCode?: unknown; errcode?: unknown } | null;
    const code = answer?.errcode ?? answer?.code ?? answer?.StatusCode;
    return typeof code === 'number' ? code : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function failed(error: string): DeliveryOutcome {
  return { ok: false, error };
}

function excerpt(body: string): string {
  const text = oneLine(body).slice(0, 120);
  return text === '' ? '' : `: ${text}`;
}
