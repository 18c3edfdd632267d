import { type Access, type RouteEntry, routes } from './routes';

const security: Readonly<Record<Access, readonly object[]>> = {
  public: [],
  key: [{ api_key: [] }],
  cron: [{ cron_secret: [] }],
  viewer: [{ token: [] }, { session: [] }],
  operator: [{ token: [] }, { session: [] }],
  admin: [{ token: [] }, { session: [] }],
};

/** The table of routes as OpenAPI 3.1. */
export function openApi(build: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    paths[route.path] ??= {};
    Object.assign(paths[route.path] ?? {}, { [route.method.toLowerCase()]: operation(route) });
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Sluice', version: build, license: { name: 'MIT', identifier: 'MIT' } },
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'SLUICE_ADMIN_TOKEN or an operator token' },
        session: { type: 'apiKey', in: 'cookie', name: '__Host-sluice' },
        api_key: { type: 'http', scheme: 'bearer', description: 'One of SLUICE_API_KEYS' },
        cron_secret: { type: 'http', scheme: 'bearer', description: 'CRON_SECRET' },
      },
      schemas: { Problem: problemSchema },
    },
  };
}

function operation(route: RouteEntry): object {
  const { access } = route;
  const role = ['viewer', 'operator', 'admin'].includes(access) ? `Needs the role ${access}.` : undefined;
  return {
    summary: route.summary,
    operationId: `${route.method.toLowerCase()}${route.path.replaceAll(/[^a-z0-9]+/gi, '_')}`,
    ...(role ? { description: role, 'x-role': access } : {}),
    security: security[access],
    parameters: parametersOf(route),
    ...(route.body ? { requestBody: bodyOf(route.body) } : {}),
    responses: {
      200: { description: route.answers ?? 'Done' },
      default: {
        description: 'RFC 9457',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

function parametersOf({ path, query = {}, ifMatch }: RouteEntry): object[] {
  const text = { type: 'string' };
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: text,
  }));
  const inQuery = Object.entries(query).map(([name, description]) => ({
    name,
    in: 'query',
    description,
    schema: text,
  }));
  const version = {
    name: 'If-Match',
    in: 'header',
    required: ifMatch === 'required',
    description: 'The version this is based on, quoted: "41"',
    schema: text,
  };
  return [...inPath, ...inQuery, ...(ifMatch ? [version] : [])];
}

function bodyOf(fields: Readonly<Record<string, string>>): object {
  const names = Object.keys(fields);
  const properties = Object.fromEntries(
    Object.entries(fields).map(([name, description]) => [
      name.replace('?', ''),
      { type: typeOf(description), description },
    ]),
  );
  const schema = { type: 'object', properties, required: names.filter((name) => !name.endsWith('?')) };
  return { required: true, content: { 'application/json': { schema } } };
}

/** A field's description begins with its type; an instant and a duration are text. */
function typeOf(description: string): string {
  return /^(string|boolean|object|integer|number)\b/.exec(description)?.[1] ?? 'string';
}

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code', 'request_id', 'errors'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string' },
    request_id: { type: 'string' },
    errors: { type: 'array', items: { type: 'object' } },
  },
};
