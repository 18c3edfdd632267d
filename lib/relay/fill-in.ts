type Values = Readonly<Record<string, string | number>>;

/**
 * A JSON template with the names in its texts filled in. A text that is one name and nothing else becomes the value of
 * that name, which may be a number. A name that is not known stays.
 */
export function filledIn(template: unknown, values: Values): unknown {
  if (Array.isArray(template)) return template.map((each) => filledIn(each, values));
  if (typeof template === 'object' && template !== null)
    return Object.fromEntries(Object.entries(template).map(([name, each]) => [name, filledIn(each, values)]));
  if (typeof template !== 'string') return template;
  const alone = /^\{([a-z_]+)\}$/.exec(template)?.[1];
  return alone !== undefined && Object.hasOwn(values, alone) ? values[alone] : filled(template, values);
}

export const filled = (text: string, values: Values): string =>
  text.replace(/\{([a-z_]+)\}/g, (whole, name: string) => (Object.hasOwn(values, name) ? String(values[name]) : whole));
