import { parse } from '@/lib/http/body/read-fields';
import { generateBody, wantedOf } from '../sluice/generate-request';
import { number, text } from '../sluice/members';
import type { AskedJob } from './order-job';

const longestSeconds = 3600;
const longestUrl = 2048;

export const jobBody = generateBody.extend({
  duration: number({ least: 0.1, most: longestSeconds }).optional().describe('seconds'),
  fps: number({ least: 1, most: 240 }).optional(),
  webhook: text(longestUrl).optional().describe('https URL that is told how it ended (Standard Webhooks)'),
});

export function readJobBody(body: unknown): AskedJob {
  const { webhook, ...rest } = parse(jobBody, body);
  const wanted = wantedOf(rest);
  return webhook === undefined ? wanted : { ...wanted, webhook };
}
