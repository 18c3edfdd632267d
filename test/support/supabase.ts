import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App } from '@supabase/lite';
import { createPostgresConnection } from '@supabase/lite/postgres';
import type { TestDatabase } from './database';
import { signJwt } from './jwt';
import { startPostgRest } from './postgrest';

export interface TestSupabase {
  readonly url: string;
  readonly publishableKey: string;
  readonly jwtSecret: string;
  /** What was mailed to whom, newest last. */
  readonly mails: { readonly to: string; readonly text: string }[];
  /** Signs a user up and gives the role that an admin would. */
  addUser(email: string, password: string, role: string | null): Promise<void>;
  close(): Promise<void>;
}

/** Supabase without containers: PostgREST, the auth server of `@supabase/lite` and a gateway, on one database. */
export async function startSupabase(database: TestDatabase): Promise<TestSupabase> {
  const jwtSecret = randomBytes(32).toString('hex');
  const mails: TestSupabase['mails'] = [];
  const auth = await startAuth(database.url, jwtSecret, mails);
  const login = await ownAuthenticator(database);
  const rest = await startPostgRest(login.url, jwtSecret, 'public, sluice');
  const later = Math.floor(Date.now() / 1000) + 3600;
  const anonJwt = signJwt(jwtSecret, { role: 'anon', iss: 'supabase', exp: later });
  const publishableKey = `sb_publishable_${randomBytes(8).toString('hex')}`;
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const work = path.startsWith('/auth/v1')
      ? toAuth(auth.app, request, response, jwtSecret)
      : toRest(rest.port, path.replace(/^\/rest\/v1/, ''), request, response, publishableKey, anonJwt);
    work.catch((error) => response.writeHead(502).end(String(error)));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    publishableKey,
    jwtSecret,
    mails,
    async addUser(email, password, role) {
      const answer = await fetch(`${url}/auth/v1/signup`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', apikey: publishableKey },
        body: JSON.stringify({ email, password }),
      });
      if (!answer.ok) throw new Error(`sign-up failed: ${answer.status} ${await answer.text()}`);
      const metadata = JSON.stringify(role === null ? {} : { sluice_role: role });
      await database.sql`update auth.users set raw_app_meta_data = ${metadata}::text::jsonb where email = ${email}`;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await rest.stop();
      await login.drop();
      await auth.close();
    },
  };
}

async function startAuth(url: string, jwtSecret: string, mails: TestSupabase['mails']) {
  const connection = createPostgresConnection({ url, postgresOptions: { onnotice: () => {} } });
  const send = async (mail: { to: unknown; text?: string; html?: string }) => {
    mails.push({ to: JSON.stringify(mail.to), text: `${mail.text ?? ''}\n${mail.html ?? ''}` });
  };
  const app = new App({
    connection,
    auth: {
      enabled: true,
      jwt_secret: jwtSecret,
      jwt_expiry: 3600,
      enable_signup: true,
      site_url: 'http://127.0.0.1:3000',
      email: { enable_signup: true, enable_confirmations: false, otp_length: 6, otp_expiry: 3600 },
    },
    options: { server: { apiKeys: false }, drivers: { email: { send } } },
  } as unknown as ConstructorParameters<typeof App>[0]);
  await app.ensureSystemSchema();
  await app.init();
  return { app, close: () => connection.close() };
}

/** A login of this stack's own: the role `authenticator` is shared by every database of the cluster. */
async function ownAuthenticator({ sql, url }: TestDatabase): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `authenticator_${randomBytes(6).toString('hex')}`;
  await sql.unsafe(`create role ${name} login noinherit password '${name}'`);
  await sql.unsafe(`grant anon, authenticated to ${name}`);
  const own = new URL(url);
  own.username = name;
  own.password = name;
  return { url: own.toString(), drop: async () => void (await sql.unsafe(`drop role ${name}`)) };
}

async function toAuth(
  app: { fetch(request: Request): Response | Promise<Response> },
  request: IncomingMessage,
  response: ServerResponse,
  jwtSecret: string,
): Promise<void> {
  const { method } = request;
  // Supabase's `email` covers every mailed code; `@supabase/lite` knows only the older name of this one.
  const body = (await bodyOf(request))?.toString().replace('"type":"email"', '"type":"magiclink"') ?? null;
  const answer = await app.fetch(
    new Request(`http://127.0.0.1${request.url}`, { method, headers: headersOf(request), body }),
  );
  const headers = Object.fromEntries(answer.headers);
  delete headers['content-length'];
  response.writeHead(answer.status, headers);
  response.end(asSupabaseSigns(await answer.text(), jwtSecret));
}

/** Supabase's access tokens carry app_metadata; those of `@supabase/lite` leave it out. */
function asSupabaseSigns(text: string, jwtSecret: string): string {
  if (!text.includes('"access_token"')) return text;
  const session = JSON.parse(text) as { access_token: string; user?: { app_metadata?: unknown } };
  const claims = JSON.parse(Buffer.from(session.access_token.split('.')[1] ?? '', 'base64url').toString());
  const access_token = signJwt(jwtSecret, { ...claims, app_metadata: session.user?.app_metadata });
  return JSON.stringify({ ...session, access_token });
}

async function toRest(
  port: number,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  publishableKey: string,
  anonJwt: string,
): Promise<void> {
  const headers = headersOf(request);
  // As Supabase's gateway: a publishable key is no token, it stands for the anonymous role.
  if ([null, `Bearer ${publishableKey}`].includes(headers.get('authorization'))) {
    headers.set('authorization', `Bearer ${anonJwt}`);
  }
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: request.method,
    headers,
    body: await bodyOf(request),
  });
  const body = Buffer.from(await answer.arrayBuffer());
  const type = answer.headers.get('content-type');
  const range = answer.headers.get('content-range');
  response.writeHead(answer.status, {
    ...(type ? { 'content-type': type } : {}),
    ...(range ? { 'content-range': range } : {}),
  });
  response.end(body);
}

const hopByHop = new Set(['host', 'connection', 'content-length', 'transfer-encoding']);

function headersOf(request: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && !hopByHop.has(name)) headers.set(name, String(value));
  }
  return headers;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer<ArrayBuffer> | null> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return parts.length === 0 ? null : (Buffer.concat(parts) as Buffer<ArrayBuffer>);
}
