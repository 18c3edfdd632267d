import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../support/postgrest';

// A registry of one's own that knows what it is told to.
let registry: Server;
/** What npm worked out of an advisory is kept by its id. */
let cache: string;
let answer: { status: number; body: unknown };
let asked: string[] = [];
beforeAll(async () => {
  cache = mkdtempSync(join(tmpdir(), 'sluice-audit-'));
  registry = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    request.resume().on('end', () => {
      const isAdvisories = request.url === '/-/npm/v1/security/advisories/bulk';
      response.writeHead(isAdvisories ? answer.status : 404, { 'content-type': 'application/json' });
      response.end(JSON.stringify(isAdvisories ? answer.body : {}));
    });
  });
  await new Promise<void>((done) => registry.listen(0, '127.0.0.1', done));
});
afterAll(async () => {
  rmSync(cache, { recursive: true, force: true });
  await new Promise((done) => registry.close(done));
});

function audit(port: number): Promise<{ code: number; output: string }> {
  asked = [];
  const env = { ...process.env, npm_config_registry: `http://127.0.0.1:${port}/`, npm_config_cache: cache };
  return new Promise((done) => {
    execFile(process.execPath, ['--import', 'tsx', 'scripts/audit.ts'], { env }, (error, stdout, stderr) => {
      done({ code: error ? Number(error.code) : 0, output: stdout + stderr });
    });
  });
}
const port = () => (registry.address() as AddressInfo).port;
const advisory = (severity: string) => ({
  id: severity,
  url: 'https://github.com/advisories/GHSA-test',
  title: 'Everything leaks',
  severity,
  vulnerable_versions: '*',
});

describe('the audit of dependencies', () => {
  it('passes when the registry knows nothing against any of them', async () => {
    answer = { status: 200, body: {} };
    const { code, output } = await audit(port());
    expect([code, output]).toEqual([0, expect.stringMatching(/^\d+ production dependencies, none with a high/)]);
    expect(asked).toContain('POST /-/npm/v1/security/advisories/bulk');
  });

  it.each(['high', 'critical'])('fails for a %s advisory, and names it', async (severity) => {
    answer = { status: 200, body: { pino: [advisory(severity)] } };
    const { code, output } = await audit(port());
    expect([code, output]).toEqual([1, expect.stringContaining('pino')]);
    expect(output).toContain(`${severity}: Everything leaks (https://github.com/advisories/GHSA-test)`);
  });

  it('tells of a lesser one without failing', async () => {
    answer = { status: 200, body: { pino: [advisory('moderate')] } };
    expect(await audit(port())).toEqual({ code: 0, output: expect.stringContaining('1 with lesser ones: pino') });
  });

  it('says that it did not happen where the registry has no advisories or is not there', async () => {
    answer = { status: 405, body: {} };
    const said = expect.stringMatching(/^not audited: the registry gives no advisories here \(.+\)/);
    expect(await audit(port())).toEqual({ code: 0, output: said });
    expect(await audit(await freePort())).toEqual({ code: 0, output: said });
  });
});

describe('npm run sbom', () => {
  it('lists every production dependency with version and digest, without the network', async () => {
    const env = { ...process.env, npm_config_registry: `http://127.0.0.1:${await freePort()}/` };
    const printed = await new Promise<string>((done, fail) => {
      const options = { env, maxBuffer: 64 * 1024 * 1024 };
      execFile('npm', ['run', '-s', 'sbom'], options, (error, stdout) => (error ? fail(error) : done(stdout)));
    });
    const bill = JSON.parse(printed) as {
      bomFormat: string;
      components: { name: string; version: string; purl: string; hashes?: { alg: string }[] }[];
    };
    expect(bill.bomFormat).toBe('CycloneDX');
    const { dependencies } = (await import('../../package.json')).default;
    for (const name of Object.keys(dependencies)) {
      const component = bill.components.find((one) => one.name === name);
      expect(component?.purl, name).toContain(`@${component?.version}`);
      expect(component?.hashes?.[0]?.alg, name).toBe('SHA-512');
    }
  });
});
