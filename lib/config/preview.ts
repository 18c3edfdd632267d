import { isKeyless, type KeyVariable } from './shipped-providers';

type Deployment = { readonly [name in KeyVariable]?: string | undefined } & {
  readonly VERCEL?: string | undefined;
  readonly VERCEL_ENV?: string | undefined;
};

/** A deployment on Vercel that is known not to be production, and that no provider key is given to. */
export function isKeylessPreview(env: Deployment): boolean {
  const { VERCEL, VERCEL_ENV } = env;
  const isPreview = Boolean(VERCEL) && Boolean(VERCEL_ENV) && VERCEL_ENV !== 'production';
  return isPreview && isKeyless(env);
}

/** Both providers are simulated by the web process itself. */
export function simulatesInProcess(env: Deployment & { readonly SLUICE_SANDBOX: boolean }): boolean {
  return env.SLUICE_SANDBOX && isKeylessPreview(env);
}
