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
      fetch: (input, init) => {
        const deadline = AbortSignal.timeout(deadlineMs);
        const signal = init?.signal ? AbortSignal.any([init.signal, deadline]) : deadline;
        return fetch(input, { ...init, signal, redirect: 'error' });
      },
    },
  });
}
