import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { WebSocket } from 'undici';

export interface SupabaseProject {
  readonly url: string;
  readonly publishableKey: string;
  readonly deadlineMs?: number;
}

/** A client that keeps no session: each sign-in has its own, and requests bring their token along. */
export function supabaseClient({ url, publishableKey, deadlineMs = 5000 }: SupabaseProject): SupabaseClient {
  return createClient(url, publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    // Node 20 has no WebSocket, and createClient throws without one although nothing here is realtime.
    realtime: { transport: WebSocket as never },
    global: {
      fetch: (input, init) => withDeadline(input, init, deadlineMs),
    },
  });
}

/** A failed call becomes a 503: the client prints thrown errors on the console, past our log, before it passes them on. */
async function withDeadline(input: RequestInfo | URL, init: RequestInit | undefined, ms: number): Promise<Response> {
  const deadline = AbortSignal.timeout(ms);
  const signal = init?.signal ? AbortSignal.any([init.signal, deadline]) : deadline;
  try {
    return await fetch(input, { ...init, signal, redirect: 'error' });
  } catch (error) {
    const { cause, name } = error as Error;
    const code = (cause as { code?: string } | undefined)?.code ?? name;
    return Response.json({ message: `Supabase does not answer (${code})` }, { status: 503 });
  }
}
