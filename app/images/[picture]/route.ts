import { env } from '@/lib/config/env';
import { simulatesInProcess } from '@/lib/config/preview';
import { sandboxPicture } from '@/lib/gateway/providers/sandbox/in-process';
import type { Handler } from '@/lib/http/message';
import { notFound } from '@/lib/http/respond';
import { route } from '@/lib/http/route';

const headers = { 'content-type': 'image/svg+xml', 'cache-control': 'public, max-age=3600' };

/** The pictures of providers that this process simulates. Elsewhere there are none. */
const picture: Handler = async ({ path, query }) => {
  const drawn = simulatesInProcess(env()) ? sandboxPicture(`http://sandbox${path}?${query}`) : null;
  if (drawn === null) throw notFound(path);
  return { status: 200, headers, body: drawn };
};

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({ GET: picture });
