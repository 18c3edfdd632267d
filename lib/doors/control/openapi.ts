import { z } from 'zod';
import { falErrorAnswer, openaiErrorAnswer } from '@/lib/api/answers/data-plane';
import { problem } from '@/lib/api/answers/problem';
import type { Access, Answer, Description } from '@/lib/doors/route';

const signedIn = [{ token: [] }, { session: [] }];
const security: Readonly<Record<Access, readonly object[]>> = {
  public: [],
  key: [{ api_key: [] }],
  cron: [{ cron_secret: [] }],
  viewer: signedIn,
  operator: signedIn,
  admin: signedIn,
};

/** The table of routes as OpenAPI 3.1. */
export function openApi(routes: readonly Description[], build: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Sluice', version: build, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: '/' }],
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'SLUICE_ADMIN_TOKEN or an operator token' },
        session: { type: 'apiKey', in: 'cookie', name: '__Host-sluice' },
        api_key: { type: 'http', scheme: 'bearer', description: 'One of SLUICE_API_KEYS' },
        cron_secret: { type: 'http', scheme: 'bearer', description: 'CRON_SECRET' },
      },
      schemas: {
        Problem: jsonSchema(problem, 'output'),
        OpenaiError: jsonSchema(openaiErrorAnswer, 'output'),
        FalError: jsonSchema(falErrorAnswer, 'output'),
      },
      responses: {
        Problem: refusal('A sentence that says why (RFC 9457)', 'application/problem+json', 'Problem'),
        FalError: refusal('As FAL refuses', 'application/json', 'FalError'),
        OpenaiError: refusal('As OpenAI refuses', 'application/json', 'OpenaiError'),
      },
    },
  };
}

const refusal = (description: string, mediaType: string, schema: string) => ({
  ...{ description, content: { [mediaType]: { schema: { $ref: `#/components/schemas/${schema}` } } } },
});

function operation(route: Description): object {
  const { access, path, method, body } = route;
  const isRole = access === 'viewer' || access === 'operator' || access === 'admin';
  return {
    summary: route.summary,
    operationId: `${method.toLowerCase()}${path.replaceAll(/[^a-z0-9]+/gi, '_').replace(/_$/, '')}`,
    ...(isRole ? { description: `Needs the role ${access}.`, 'x-role': access } : {}),
    security: security[access],
    parameters: parametersOf(route),
    ...(body && {
      requestBody: { required: true, content: contentOf(route.isForm === true, jsonSchema(body, 'input')) },
    }),
    responses: { ...refusals(route), ...goodAnswers(route) },
  };
}

function contentOf(isForm: boolean, schema: object): object {
  return { 'application/json': { schema }, ...(isForm && { 'multipart/form-data': { schema } }) };
}

function goodAnswers({ answers }: Description): object {
  return Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, answered([answer].flat())]));
}

function answered(answers: readonly Answer[]): object {
  const content = answers.map(({ mediaType, schema }) => [mediaType, { schema: jsonSchema(schema, 'output') }]);
  return { description: answers[0]?.description, content: Object.fromEntries(content) };
}

/** Clients of a vendor read refusals in that vendor's shape. */
function errorOf(path: string): string {
  if (/^\/(?:api\/)?fal\//.test(path)) return 'FalError';
  return path.startsWith('/v1/') ? 'OpenaiError' : 'Problem';
}

/** What may be said instead, by status. */
function refusals(route: Description): object {
  const said = { $ref: `#/components/responses/${errorOf(route.path)}` };
  return { ...Object.fromEntries(refusedStatuses(route).map((status) => [status, said])), default: said };
}

const byAccess: Readonly<Record<Access, readonly number[]>> = {
  public: [],
  key: [401, 403, 429, 503],
  cron: [401, 429, 503],
  viewer: [401, 403, 429, 503],
  operator: [401, 403, 429, 503],
  admin: [401, 403, 429, 503],
};

function refusedStatuses({ access, path, body, query, ifMatch, refusals = [] }: Description): readonly number[] {
  return [
    ...byAccess[access],
    ...(path.includes('{') ? [404] : []),
    ...(body ? [400, 408, 413, 415, 422] : []),
    ...(query ? [422] : []),
    ...(ifMatch ? [400, 412] : []),
    ...(ifMatch === 'required' ? [428] : []),
    ...[421, 500],
    ...refusals,
  ];
}

/** What a handler's own schema takes or gives; a rule that JSON Schema has no words for is left to the handler. */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}

function parametersOf({ path, query, headers, ifMatch }: Description): object[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    ...{ name, in: 'path', required: true },
    schema: name === 'id' ? { type: 'integer', minimum: 1 } : { type: 'string' },
  }));
  const version = {
    ...{ name: 'If-Match', in: 'header', required: ifMatch === 'required' },
    description: 'The version this is based on, quoted: "41"',
    schema: { type: 'string' },
  };
  return [...inPath, ...membersOf(query, 'query'), ...membersOf(headers, 'header'), ...(ifMatch ? [version] : [])];
}

/** Each member of the schema as a parameter. */
function membersOf(schema: z.ZodObject | undefined, place: 'query' | 'header'): object[] {
  return Object.entries(schema?.shape ?? {}).map(([name, member]) => {
    const { description, ...rest } = jsonSchema(member as z.ZodType, 'input') as { readonly description?: string };
    const required = !(member as z.ZodType).safeParse(undefined).success;
    return { name, in: place, required, ...(description ? { description } : {}), schema: rest };
  });
}
