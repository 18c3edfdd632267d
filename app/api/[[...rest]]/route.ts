import type { Handler } from '@/lib/http/message';
import { notFound } from '@/lib/http/respond';
import { route } from '@/lib/http/route';

// Next's own 404 is a page; whoever calls an API reads a problem.
const nothing: Handler = (arriving) => Promise.reject(notFound(arriving.path));

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: nothing,
  POST: nothing,
  PUT: nothing,
  PATCH: nothing,
  DELETE: nothing,
  OPTIONS: nothing,
});
