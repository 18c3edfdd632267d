import type { z } from 'zod';
import type { Actor } from '@/lib/access/identity';
import type { Role } from '@/lib/api/roles';
import type { Reading } from '@/lib/http/body/read-body';
import type { Arriving, Outgoing } from '@/lib/http/message';
import type { Method } from '@/lib/http/respond';

/** Who may call: a role of the control plane, a caller's key, the scheduler's secret, or anybody. */
export type Access = Role | 'key' | 'cron' | 'public';

/** Method and path, as they are written in a request. */
export type Line = `${'GET' | 'POST' | 'PUT' | 'DELETE'} /${string}`;

/** What a body of the control plane needs, and no more. */
export const controlLimitBytes = 16 * 1024;

/** One good answer: its words, and the shape of its body. */
export interface Answer {
  readonly description: string;
  readonly schema: z.ZodType;
  readonly mediaType: string;
}

/** What a route reads and answers. */
export interface Rest {
  readonly ifMatch?: 'required' | 'optional';
  /** The path whose GET answers the version that If-Match is to say; left out, the route's own. */
  readonly versionAt?: string;
  readonly body?: z.ZodType;
  /** The same body may come as multipart/form-data, with files. */
  readonly isForm?: true;
  readonly query?: z.ZodObject;
  /** Headers with a meaning of their own, by their names in lower case. */
  readonly headers?: z.ZodObject;
  /** By status; several where the query chooses the media type. */
  readonly answers: Readonly<Record<number, Answer | readonly Answer[]>>;
  /** Statuses of refusals that do not follow from the rest. */
  readonly refusals?: readonly number[];
  /** The largest body that is read; left out, `controlLimitBytes`. */
  readonly limitBytes?: number;
  readonly reading?: Reading;
}

/** A route as it is described. */
export interface Description extends Rest {
  readonly method: Method;
  readonly path: string;
  readonly access: Access;
  readonly summary: string;
}

/** A route of the control plane: `handle` asks first who calls. */
export interface ControlRoute<Planes> extends Description {
  readonly handle: (arriving: Arriving, planes: Planes) => Promise<Outgoing>;
}

/** A call whose caller is known, read by what its route says of it. */
export interface Call<R extends Rest> {
  readonly arriving: Arriving;
  readonly actor: Actor;
  readonly query: R['query'] extends z.ZodObject ? z.output<R['query']> : undefined;
  readonly body: R['body'] extends z.ZodType ? z.output<R['body']> : undefined;
  /** The body as it was written. */
  readonly text: string;
  /** Of If-Match. */
  readonly version: R['ifMatch'] extends 'required' ? number : number | null;
  /** The number in the path. */
  readonly id: number;
}

export const jsonOf = (schema: z.ZodType, description = 'Done'): Answer => ({
  ...{ description, schema, mediaType: 'application/json' },
});

/** Most routes have one good answer. */
export const ok = (schema: z.ZodType, description?: string) => ({ answers: { 200: jsonOf(schema, description) } });
