import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { JobCounts } from '@/lib/jobs/job-counts';
import { HotPathRecorder } from '@/lib/process/metrics/hot-path';
import { metricsPage } from '@/lib/process/metrics/registry';

const rules = readFileSync('docs/prometheus-rules.yaml', 'utf8');
const dashboard = readFileSync('docs/grafana-dashboard.json', 'utf8');
const runbook = readFileSync('docs/runbook.md', 'utf8');

async function families(): Promise<Set<string>> {
  const none = {
    weights: {},
    weightsVersion: null,
    weightsAgeSeconds: null,
    routed: [],
    spoolDepth: 0,
    breakers: {},
    providersOk: {},
    connections: {},
    connectionsLimit: {},
    callersWaiting: {},
    jobCounts: new JobCounts(),
  };
  const text = await metricsPage(new HotPathRecorder(), 'test').render({ ...none, rollout: null });
  return new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name ?? ''));
}

const anchors = (text: string) =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );

describe('alert rules and the dashboard', () => {
  it('ask for metrics that /metrics has', async () => {
    const known = await families();
    const asked = [...`${rules}${dashboard}`.matchAll(/\bsluice_[a-z_]+/g)].map(([name]) =>
      name.replace(/_(bucket|sum|count)$/, ''),
    );
    expect(asked.length).toBeGreaterThan(30);
    expect([...new Set(asked)].filter((name) => !known.has(name))).toEqual([]);
  });

  it('lead to a chapter of the runbook that exists', () => {
    const links = [...rules.matchAll(/runbook_url: docs\/runbook\.md#(\S+)/g)].map(([, anchor]) => anchor ?? '');
    expect(links.length).toBeGreaterThan(5);
    expect(links.filter((link) => !anchors(runbook).includes(link))).toEqual([]);
  });

  it('form a dashboard Grafana can import: ids and places of their own', () => {
    const { panels, uid } = JSON.parse(dashboard) as {
      uid: string;
      panels: { id: number; gridPos: { x: number; y: number; w: number } }[];
    };
    expect(uid).toBe('sluice');
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    expect(panels.every(({ gridPos }) => gridPos.x + gridPos.w <= 24)).toBe(true);
  });
});

describe.each(['docs/alerts.md', 'docs/alerts.zh-CN.md'])('%s', (file) => {
  it('lists every kind of message there is', () => {
    const code = readFileSync('lib/notify/wording.ts', 'utf8');
    const titles = /const titles[^{]*\{([\s\S]*?)\n\};/.exec(code)?.[1] ?? '';
    const kinds = [...titles.matchAll(/^ {2}(\w+):/gm)].map(([, kind]) => kind ?? '');
    expect(kinds.length).toBeGreaterThan(10);
    const listed = [...readFileSync(file, 'utf8').matchAll(/^\| `([a-z_]+)` /gm)].map(([, kind]) => kind ?? '');
    expect(listed.sort()).toEqual(kinds.sort());
  });
});

describe('the systemd units', () => {
  it.each(['sluice-web', 'sluice-watchdog'])('%s runs as nobody special and starts again', (name) => {
    const file = `docs/systemd/${name}.service`;
    expect(existsSync(file)).toBe(true);
    const unit = readFileSync(file, 'utf8');
    for (const line of ['User=sluice', 'Restart=always', 'NoNewPrivileges=true', 'WorkingDirectory=/opt/sluice']) {
      expect(unit.split('\n')).toContain(line);
    }
  });
});
