import { type Ordering, said } from './orders';

const headers = { 'content-type': 'application/json', 'x-runway-version': '2024-11-06' };
const wish = { model: 'gen4_turbo', ratio: '1280:720', duration: 5 };
const ends: Readonly<Record<string, 'completed' | 'failed'>> = { SUCCEEDED: 'completed', FAILED: 'failed' };

/** As the vendor's own client speaks, with the relay as its base URL. */
export const relayOrders = (url: string): Ordering => ({
  async order(promptText) {
    const body = JSON.stringify({ promptText, ...wish });
    const made = await said(`${url}/runway/v1/text_to_video`, { method: 'POST', headers, body });
    return typeof made?.id === 'string' ? made.id : undefined;
  },
  async look(id) {
    const status = (await said(`${url}/runway/v1/tasks/${id}`, { headers }))?.status;
    return typeof status === 'string' ? ends[status] : undefined;
  },
});
