type Parse = (text: string) => unknown;
type Nested = readonly unknown[];

interface ArrayType {
  readonly to: number;
  readonly from: number[];
  readonly serialize: (value: unknown) => unknown;
  readonly parse: Parse;
}

const asText: Parse = (text) => text;
const asDate: Parse = (text) => new Date(text);
const asBoolean: Parse = (text) => text === 't';

/**
 * Arrays of the usual types by their numbers, which never change. Left to itself the driver asks each new connection
 * for them and does not wait for the answer: a connection given up meanwhile would end the process.
 */
export function arrayTypes(bigint: Parse): Readonly<Record<string, ArrayType>> {
  const types: Readonly<Record<string, readonly [number, Parse]>> = {
    ...{ booleans: [1000, asBoolean], names: [1003, asText], texts: [1009, asText], varchars: [1015, asText] },
    ...{ smallints: [1005, Number], integers: [1007, Number], bigints: [1016, bigint], oids: [1028, Number] },
    ...{ reals: [1021, Number], doubles: [1022, Number], numerics: [1231, Number], uuids: [2951, asText] },
    ...{ instants: [1185, asDate], timestamps: [1115, asDate], jsons: [199, JSON.parse], jsonbs: [3807, JSON.parse] },
  };
  return Object.fromEntries(
    Object.entries(types).map(([name, [oid, parse]]) => [
      name,
      {
        ...{ to: oid, from: [oid], parse: (text: string) => parseArray(text, parse) },
        serialize: (value: unknown) => (Array.isArray(value) ? arrayText(value) : value),
      },
    ]),
  );
}

/** `{1,"a \"b\"",NULL,{2}}` as Postgres writes it. */
export function parseArray(text: string, parse: Parse): Nested {
  const outer: unknown[] = [];
  const open: unknown[][] = [outer];
  // An element in quotes, one without, or a brace; commas only part them.
  for (const [token, quoted] of text.matchAll(/"((?:[^"\\]|\\.)*)"|[{}]|[^{},"]+/gs)) {
    const into = open.at(-1) ?? outer;
    if (token === '{') {
      const inner: unknown[] = [];
      into.push(inner);
      open.push(inner);
    } else if (token === '}') open.pop();
    else if (quoted !== undefined) into.push(parse(quoted.replace(/\\(.)/gs, '$1')));
    else into.push(token === 'NULL' ? null : parse(token));
  }
  return (outer[0] ?? []) as Nested;
}

export function arrayText(values: Nested): string {
  return `{${values.map(elementText).join(',')}}`;
}

function elementText(value: unknown): string {
  if (value === null) return 'NULL';
  if (value === undefined) throw new Error('an element of an array is undefined; it must be a value or null');
  if (Array.isArray(value)) return arrayText(value);
  const text =
    value instanceof Date ? value.toISOString() : typeof value === 'object' ? JSON.stringify(value) : `${value}`;
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
