/** It was refused for what is in it. Classes: data, constraint, program limit, raised by a trigger. */
export function isContentFault(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' && /^(22|23|54|P0)/.test(code);
}
