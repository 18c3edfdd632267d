import { z } from 'zod';

export const cardLink = z.looseObject({
  path: z.string().describe('below the address of this installation'),
  ends_at: z.string(),
});
