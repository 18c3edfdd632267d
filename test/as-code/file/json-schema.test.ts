import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { configSchema } from '@/lib/as-code/file/json-schema';

describe('the JSON Schema of sluice.yaml', () => {
  it('in docs/ is the one of the code (node --import tsx scripts/write-config-schema.ts)', () => {
    expect(JSON.parse(readFileSync('docs/sluice.schema.json', 'utf8'))).toEqual(configSchema());
  });

  it('takes the example, and says where a slip is', () => {
    const example = parse(readFileSync('docs/examples/sluice.yaml', 'utf8'));
    const schema = z.fromJSONSchema(JSON.parse(JSON.stringify(configSchema())));
    expect(schema.safeParse(example).error?.issues ?? []).toEqual([]);
    example.splits.video.kind = 'film';
    example.splits.video.policy.redLines[0].metric = 'p95';
    const places = schema.safeParse(example).error?.issues.map(({ path }) => path.join('.'));
    expect(places).toEqual(expect.arrayContaining(['splits.video.kind', 'splits.video.policy.redLines.0.metric']));
  });
});
