import { spawnSync } from 'node:child_process';
import { readAudit } from './audit/read-audit';

// Known vulnerabilities of what runs in production. Asks the registry, which is not always there: then it says so, and
// nothing has been proven.
const arguments_ = ['audit', '--omit=dev', '--json', '--fetch-retries=0', '--fetch-timeout=20000'];
const { stdout, stderr } = spawnSync('npm', arguments_, { encoding: 'utf8', shell: process.platform === 'win32' });
const { kind, sentence } = readAudit(stdout || stderr);
if (kind === 'unanswered') console.log(`not audited: the registry gives no advisories here (${sentence})`);
else console.log(sentence);
process.exitCode = kind === 'vulnerable' ? 1 : 0;
