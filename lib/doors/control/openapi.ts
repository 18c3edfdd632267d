import { z } from 'zod';
import { type Answer, answersByRoute } from '@/lib/api/answers/by-route';
import { openaiErrorAnswer } from '@/lib/api/answers/data-plane';
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
    responses: { ...goodAnswers(route), default: refusalOf(route) },
  };
}

function goodAnswers({ method, path }: RouteEntry): object {
  const answers = answersByRoute[`${method} ${path}`] ?? { 200: { description: 'Done' } };
  return Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, answered(answer)]));
}

function answered({ description, schema, mediaType }: Answer): object {
  if (mediaType === undefined) return { description };
  return { description, content: { [mediaType]: schema ? { schema: jsonSchema(schema, 'output') } : {} } };
}

/** OpenAI's clients read refusals in OpenAI's shape. */
function refusalOf({ path }: RouteEntry): object {
  if (!path.startsWith('/v1/')) {
    const problem = { schema: { $ref: '#/components/schemas/Problem' } };
    return { description: 'RFC 9457', content: { 'application/problem+json': problem } };
  }
  const schema = jsonSchema(openaiErrorAnswer, 'output');
  return { description: 'As OpenAI refuses', content: { 'application/json': { schema } } };
}

/** What a handler's own schema takes or gives; a rule that JSON Schema has no words for is left to the handler. */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
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

function bodyOf(body: NonNullable<RouteEntry['body']>): object {
  const schema = body instanceof z.ZodType ? jsonSchema(body, 'input') : schemaOf(body);
  return { required: true, content: { 'application/json': { schema } } };
}

function schemaOf(fields: Readonly<Record<string, string>>): object {
  const names = Object.keys(fields);
  const properties = Object.fromEntries(
    Object.entries(fields).map(([name, description]) => [
      name.replace('?', ''),
      { type: typeOf(description), description },
    ]),
  );
  return { type: 'object', properties, required: names.filter((name) => !name.endsWith('?')) };
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
