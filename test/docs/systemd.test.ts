import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const folder = 'docs/systemd';
const units = readdirSync(folder).map((name) => [name, settings(readFileSync(join(folder, name), 'utf8'))] as const);

function settings(text: string): ReadonlyMap<string, string> {
  const pairs = text.split('\n').map((line) => /^(\w+)=(.*)$/.exec(line));
  return new Map(pairs.flatMap((pair) => (pair ? [[pair[1] as string, pair[2] as string]] : [])));
}

describe('the units of docs/systemd', () => {
  it('are the three that deploy.md names', () => {
    expect(units.map(([name]) => name)).toEqual(['sluice-watchdog.service', 'sluice-web.service', 'sluice.service']);
  });

  it.each(units)('%s may write nothing but its data, and gains nothing', (_, unit) => {
    expect(unit.get('User')).toBe('sluice');
    expect(unit.get('ProtectSystem')).toBe('strict');
    expect(unit.get('NoNewPrivileges')).toBe('true');
    expect(unit.get('CapabilityBoundingSet')).toBe('');
    for (const name of ['ProtectHome', 'PrivateTmp', 'PrivateDevices', 'ProtectKernelTunables', 'RestrictSUIDSGID'])
      expect([name, unit.get(name)]).toEqual([name, 'true']);
    expect([undefined, '/var/lib/sluice']).toContain(unit.get('ReadWritePaths'));
  });

  it.each(units)('%s never runs code that its user could change', (_, unit) => {
    expect(unit.get('WorkingDirectory')).toBe('/opt/sluice');
    expect(readFileSync('docs/deploy.md', 'utf8')).not.toMatch(/chown -R sluice\S* \/opt\/sluice/);
  });
});
