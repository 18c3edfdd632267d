import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { fontEnvironment } from './browser-fonts';

const installed = [
  process.env.CHROME_PATH,
  '/usr/bin/google-chrome',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** A browser from npm on Linux, so that a clean clone needs nothing else; elsewhere the one that is installed. */
export async function launchBrowser(): Promise<Browser> {
  if (process.platform === 'linux' && process.arch === 'x64') return fromNpm();
  const executablePath = installed.find((path) => path !== undefined && existsSync(path));
  if (executablePath === undefined) throw new Error('No Chrome or Chromium was found: set CHROME_PATH to one.');
  return chromium.launch({ executablePath, headless: true });
}

async function fromNpm(): Promise<Browser> {
  // The package unpacks into TMPDIR and decides on its libraries when it is imported.
  const folder = join(tmpdir(), `sluice-chromium-${process.getuid?.() ?? 0}`);
  mkdirSync(folder, { recursive: true });
  const [tmp, runtime] = [process.env.TMPDIR, process.env.AWS_LAMBDA_JS_RUNTIME];
  process.env.TMPDIR = folder;
  process.env.AWS_LAMBDA_JS_RUNTIME = 'nodejs20.x';
  try {
    const { default: sparticuz } = await import('@sparticuz/chromium');
    sparticuz.setGraphicsMode = false;
    const executablePath = await sparticuz.executablePath();
    return await chromium.launch({
      args: sparticuz.args.filter((arg) => arg !== '--single-process' && arg !== '--no-zygote'),
      executablePath,
      env: { ...environment(), ...fontEnvironment(folder) },
      headless: true,
    });
  } finally {
    restore('TMPDIR', tmp);
    restore('AWS_LAMBDA_JS_RUNTIME', runtime);
  }
}

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

function environment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
