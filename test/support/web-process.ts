import { type BundleOptions, type BundleProcess, startBundle } from './bundle-process';

export interface WebProcess extends BundleProcess {
  readonly url: string;
}

/** The built web process on a free port. */
export async function startWebProcess(
  root: string,
  env: BundleOptions['env'],
  more: Omit<BundleOptions, 'env'> = {},
): Promise<WebProcess> {
  const web = await startBundle(root, 'web', { env: { PORT: '0', ...env }, ...more });
  const [, port] = await web.said(/"port":(\d+)[^\n]*"msg":"listening"/);
  return { ...web, url: `http://127.0.0.1:${port}` };
}
