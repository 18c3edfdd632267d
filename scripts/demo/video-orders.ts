import { type Ordering, said } from './orders';

const headers = { 'content-type': 'application/json' };
const wish = { model: 'kling-2.5-turbo-pro', duration: 5, aspect_ratio: '16:9' };

/** At our own door. */
export const videoOrders = (url: string): Ordering => ({
  async order(prompt) {
    const body = JSON.stringify({ prompt, ...wish });
    const made = await said(`${url}/api/jobs`, { method: 'POST', headers, body });
    return typeof made?.id === 'string' ? made.id : undefined;
  },
  async look(id) {
    const status = (await said(`${url}/api/jobs/${id}`))?.status;
    return status === 'completed' || status === 'failed' ? status : undefined;
  },
});
