import type { VendorSchema } from '@/lib/registry/vendor-schema';
import { jsonSchemaOf } from './json-schema';

/** The document of one endpoint as `fal.ai/api/openapi/queue/openapi.json?endpoint_id=` has it. */
export function openApiOf({ id, fields, answers }: VendorSchema): object {
  const name = id
    .split(/[^A-Za-z0-9]+/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
  const file = { type: 'object', properties: { url: { type: 'string' } }, required: ['url'] };
  const output = answers === undefined ? { images: { type: 'array', items: file } } : { [answers]: file };
  const ref = (schema: string) => ({ 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } });
  return {
    openapi: '3.0.4',
    info: {
      title: `Queue OpenAPI for ${id}`,
      version: '1.0.0',
      description: `The OpenAPI schema for the ${id} queue.`,
      'x-fal-metadata': { endpointId: id },
    },
    components: {
      securitySchemes: { apiKeyAuth: { type: 'apiKey', in: 'header', name: 'Authorization' } },
      schemas: {
        [`${name}Input`]: jsonSchemaOf(fields, 'x-fal-order-properties'),
        [`${name}Output`]: { type: 'object', properties: output, required: Object.keys(output) },
      },
    },
    paths: {
      [`/${id}`]: { post: { requestBody: { required: true, content: ref(`${name}Input`) } } },
      [`/${id}/requests/{request_id}`]: { get: { responses: { 200: { content: ref(`${name}Output`) } } } },
    },
    servers: [{ url: 'https://queue.fal.run' }],
    security: [{ apiKeyAuth: [] }],
  };
}
