interface Deployment {
  readonly VERCEL?: string | undefined;
  readonly VERCEL_ENV?: string | undefined;
  readonly FAL_KEY?: string | undefined;
  readonly RUNWARE_API_KEY?: string | undefined;
}

/** A deployment on Vercel that is known not to be production, and that no provider key is given to. */
export function isKeylessPreview({ VERCEL, VERCEL_ENV, FAL_KEY, RUNWARE_API_KEY }: Deployment): boolean {
  const isPreview = Boolean(VERCEL) && Boolean(VERCEL_ENV) && VERCEL_ENV !== 'production';
  return isPreview && FAL_KEY === undefined && RUNWARE_API_KEY === undefined;
}

/** Both providers are simulated by the web process itself. */
export function simulatesInProcess(env: Deployment & { readonly SLUICE_SANDBOX: boolean }): boolean {
  return env.SLUICE_SANDBOX && isKeylessPreview(env);
}
