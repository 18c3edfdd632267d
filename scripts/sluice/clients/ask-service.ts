import { surroundings } from '../../known-database';
import { Said, textOption, type Values } from '../command';

const withinMs = 90_000;

/** What the running service answers to a write; what it refuses is said in its own words. */
export async function askService<T>(values: Values, path: string, body: object): Promise<T> {
  const { env } = surroundings();
  const origin = textOption(values, 'url') ?? env.SLUICE_PUBLIC_URL ?? `http://127.0.0.1:${env.PORT}`;
  const token = process.env.SLUICE_TOKEN || env.SLUICE_ADMIN_TOKEN;
  if (!token) {
    throw new Said(
      'Nothing was asked: the service must know who you are. Make a token with `sluice operators add NAME operator`, and set SLUICE_TOKEN to it.',
    );
  }
  let response: Response;
  try {
    response = await fetch(new URL(path, origin), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(withinMs),
    });
  } catch (cause) {
    const why = cause instanceof Error ? ((cause.cause as Error | undefined)?.message ?? cause.message) : String(cause);
    throw new Said(`The service at ${origin} did not answer (${why}). Start it, or say where it is with --url.`, {
      cause,
    });
  }
  const text = await response.text();
  const answer = jsonIn(text);
  if (response.ok && answer !== null) return answer as T;
  throw new Said(String(answer?.detail ?? `${origin} answered ${response.status}, and nothing that Sluice says.`));
}

function jsonIn(text: string): Readonly<Record<string, unknown>> | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
