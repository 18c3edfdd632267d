/** The variables of the providers that ship: of each its key and its address. Every other provider is a row. */
export const shippedProviders = [
  { name: 'fal', key: 'FAL_KEY', url: 'FAL_BASE_URL' },
  { name: 'runware', key: 'RUNWARE_API_KEY', url: 'RUNWARE_BASE_URL' },
] as const;

export type KeyVariable = (typeof shippedProviders)[number]['key'];
export type UrlVariable = (typeof shippedProviders)[number]['url'];

export const keyVariables: readonly KeyVariable[] = shippedProviders.map(({ key }) => key);

/** Whether the environment holds a key of none of them. */
export function isKeyless(env: { readonly [name in KeyVariable]?: string | undefined }): boolean {
  return keyVariables.every((key) => env[key] === undefined);
}
