import { z } from 'zod';
import { largestFileBytes, type OpenedFile } from '@/lib/gateway/providers/outward/open-file';
import type { DataPlane } from '@/lib/gateway/request/data-plane';
import type { Incoming, Outgoing } from '@/lib/http/message';
import { Problem } from '@/lib/http/problem';
import { readQuery } from '@/lib/http/read-query';
import { type JobView, publicStatus } from '@/lib/jobs/job-view';
import { excerpt } from '@/lib/kernel/excerpt';
import type { CallerHandler } from '../callers';
import type { JobsDoor } from '../data-route';
import { jobHeaders } from '../jobs/job-headers';
import { videoId } from './video-object';
import { ownVideo } from './videos';

/** Read at once by callers of this process. */
const mostOpen = 200;
const start = '/v1/videos/'.length;
const end = '/content'.length;

const variants = ['video', 'thumbnail', 'spritesheet'] as const;
export const contentQuery = z.object({
  variant: z
    .enum(variants, { error: () => `must be ${variants.join(', ')}` })
    .optional()
    .describe('video; thumbnail where its provider makes one'),
});

/** The bytes of what was made, from where its provider keeps them. */
export function contentHandler(door: JobsDoor): CallerHandler {
  let open = 0;
  return async (incoming, caller) => {
    const { variant = 'video' } = readQuery(contentQuery, incoming.query);
    const job = await ownVideo(door, incoming.path.slice(start, -end), caller.name);
    const url = addressOf(job, variant);
    if (open >= mostOpen) {
      const detail = `${mostOpen} videos are being read here already, the most there may be. Try again in 5 s.`;
      throw new Problem(503, 'contents-full', detail, { headers: { 'retry-after': '5' } });
    }
    open += 1;
    let isOver = false;
    const over = () => {
      if (!isOver) open -= 1;
      isOver = true;
    };
    try {
      const file = await opened(door.plane, job, url, rangeOf(incoming));
      const headers = { ...headersOf(file), ...jobHeaders(door.plane, job, incoming.requestId) };
      return { status: file.status, headers, body: withEnd(file.body, over) } satisfies Outgoing;
    } catch (error) {
      over();
      throw error;
    }
  };
}

function addressOf(job: JobView, variant: (typeof variants)[number]): string {
  const id = videoId(job.id);
  const status = publicStatus(job.state);
  if (status !== 'completed') {
    throw new Problem(404, 'video-not-completed', `The video ${id} is "${status}": it has no content.`);
  }
  const made = job.outputs.find(({ kind }) => kind === 'video') ?? job.outputs[0];
  const url = variant === 'video' ? made?.url : variant === 'thumbnail' ? made?.thumbnailUrl : undefined;
  if (url !== undefined) return url;
  throw new Problem(404, 'no-such-variant', `${job.provider} made no ${variant} of the video ${id}.`);
}

/** One part of it; what is no range that we know is as if it were not there, as HTTP has it. */
function rangeOf(incoming: Pick<Incoming, 'header'>): Record<string, string> {
  const range = incoming.header('range');
  if (range === null || !/^bytes=(?:\d{1,15}-\d{0,15}|-\d{1,15})$/.test(range)) return {};
  const ifRange = incoming.header('if-range');
  return { range, ...(ifRange !== null && ifRange.length <= 256 && { 'if-range': ifRange }) };
}

const isDead: ReadonlySet<number> = new Set([401, 403, 404, 410]);
const fit = /^(?:video|image|audio)\/|^(?:application|binary)\/octet-stream/i;

async function opened(plane: DataPlane, job: JobView, url: string, range: Record<string, string>): Promise<OpenedFile> {
  let file: OpenedFile;
  try {
    file = await plane.openFile(url, range);
  } catch (cause) {
    throw unreadable(job, 'its address did not answer', cause);
  }
  const why = faultOf(file);
  if (why === null) return file;
  void file.body.cancel();
  throw typeof why === 'string' ? unreadable(job, why) : why(job);
}

function faultOf({ status, headers }: OpenedFile): string | null | ((job: JobView) => Problem) {
  if (isDead.has(status)) return (job) => goneOf(job, status);
  if (status === 416) return (job) => outside(job, one(headers['content-range']));
  if (status !== 200 && status !== 206) return `its address answered ${status}`;
  const type = one(headers['content-type']) ?? '';
  if (!fit.test(type)) return `its address answered with "${excerpt(type)}", which is no video`;
  return Number(one(headers['content-length']) ?? 0) > largestFileBytes ? 'it is larger than 1 GB' : null;
}

function goneOf({ id, provider, expiresAt }: JobView, status: number): Problem {
  const until = expiresAt ? `, and was to last until ${expiresAt.toISOString()}` : '';
  const detail =
    `${provider} keeps the video ${videoId(id)} no more: its link answered ${status}${until}. It was made, and is not ` +
    'made again; create a new one.';
  return new Problem(410, 'video-expired', detail);
}

function outside({ id }: JobView, contentRange: string | undefined): Problem {
  const headers: Record<string, string> = contentRange === undefined ? {} : { 'content-range': contentRange };
  return new Problem(416, 'range-outside', `The video ${videoId(id)} has no such range of bytes.`, { headers });
}

function unreadable({ id, provider }: JobView, why: string, cause?: unknown): Problem {
  const detail = `The video ${videoId(id)} was made by ${provider}, and cannot be read there now: ${why}. Try again.`;
  return new Problem(502, 'video-unreadable', detail, { cause, headers: { 'retry-after': '2' } });
}

const told = ['content-type', 'content-length', 'content-range', 'accept-ranges', 'etag', 'last-modified'] as const;

function headersOf({ headers }: OpenedFile): Record<string, string> {
  const kept = told.flatMap((name) => {
    const value = one(headers[name]);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { 'cache-control': 'private, no-store', ...Object.fromEntries(kept) };
}

const one = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value);

function withEnd(body: ReadableStream<Uint8Array>, over: () => void): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (!done) return controller.enqueue(value);
          over();
          controller.close();
        } catch (error) {
          over();
          throw error;
        }
      },
      cancel(reason) {
        over();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}
