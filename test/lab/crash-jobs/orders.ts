import type { Told } from './remains';

const withinMs = 60_000;

/** Orders once, as a client that must not send again. */
export async function order(url: string, prompt: string, split: string): Promise<Told> {
  const nothing = { prompt, status: null, id: null, polled: null };
  try {
    const answer = await fetch(`${url}/api/jobs`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      ...{ body: JSON.stringify({ prompt, split, model: 'film', duration: 5 }), signal: AbortSignal.timeout(withinMs) },
    });
    const said = (await answer.json()) as { id?: string; job_id?: string };
    return { ...nothing, status: answer.status, id: said.id ?? said.job_id ?? null };
  } catch {
    return nothing;
  }
}

/** What the process says of it; null: nothing. */
export async function poll(url: string, id: string): Promise<string | null> {
  try {
    const answer = await fetch(`${url}/api/jobs/${id}`, { signal: AbortSignal.timeout(withinMs) });
    return answer.status === 200 ? ((await answer.json()) as { status: string }).status : null;
  } catch {
    return null;
  }
}

/** A create that is relayed, called by its request's id; its vendor knows it by its text. */
export async function orderRelayed(url: string, prompt: string): Promise<Told> {
  const nothing = { prompt, status: null, id: null, polled: null, isRelayed: true } as const;
  try {
    const answer = await fetch(`${url}/runway/v1/text_to_video`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json', 'x-request-id': prompt } },
      ...{ body: JSON.stringify({ model: 'gen4', promptText: prompt }), signal: AbortSignal.timeout(withinMs) },
    });
    const said = (await answer.json()) as { id?: string };
    return { ...nothing, status: answer.status, id: said.id ?? null };
  } catch {
    return nothing;
  }
}

export async function pollRelayed(url: string, id: string): Promise<string | null> {
  try {
    const answer = await fetch(`${url}/runway/v1/tasks/${id}`, { signal: AbortSignal.timeout(withinMs) });
    return answer.status === 200 ? ((await answer.json()) as { status: string }).status : null;
  } catch {
    return null;
  }
}
