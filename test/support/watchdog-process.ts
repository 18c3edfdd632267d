import { type BundleOptions, type BundleProcess, startBundle } from './bundle-process';

/** The built watchdog; it ticks at once, and then each SLUICE_TICK_SECONDS. */
export async function startWatchdogProcess(
  root: string,
  env: BundleOptions['env'],
  more: Omit<BundleOptions, 'env'> = {},
): Promise<BundleProcess> {
  const watchdog = await startBundle(root, 'watchdog', { env, ...more });
  await watchdog.said(/"msg":"starting"/);
  return watchdog;
}
