import { writeFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/** A test, or what stands around tests: a hook, a file that does not load. */
interface Failure {
  readonly file: string;
  readonly what: string;
  readonly messages: readonly string[];
}

/** What `npm test` tells of a run. */
export interface RunReport {
  /** How many tests, by their file. */
  readonly passed: Readonly<Record<string, number>>;
  readonly skipped: Readonly<Record<string, number>>;
  readonly failures: readonly Failure[];
  /** Errors of no file at all. */
  readonly strays: readonly string[];
}

interface Said {
  readonly message: string;
  readonly stack?: string | undefined;
  /** The file that ran meanwhile. */
  readonly VITEST_TEST_PATH?: string | undefined;
}

const textOf = ({ message, stack }: Said) => stack || message;

/** A reporter of Vitest; writes a `RunReport` into the file that SLUICE_TEST_REPORT names. */
export default class Report implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], strays: readonly SerializedError[]): void {
    const passed: Record<string, number> = {};
    const failures: Failure[] = [];
    const skipped: Record<string, number> = {};
    for (const module of modules) {
      const { moduleId: file, children } = module;
      for (const group of [module, ...children.allSuites()]) {
        const what = group.type === 'module' ? 'the file, or a hook of it' : `${group.fullName}: a hook`;
        if (group.errors().length > 0) failures.push({ file, what, messages: group.errors().map(textOf) });
      }
      const states = [...children.allTests()].map((test) => {
        const { state, errors = [] } = test.result();
        if (state === 'failed') failures.push({ file, what: test.fullName, messages: errors.map(textOf) });
        return state;
      });
      passed[file] = states.filter((state) => state === 'passed').length;
      skipped[file] = states.filter((state) => state === 'skipped' || state === 'pending').length;
    }
    const homeless: string[] = [];
    for (const stray of strays as readonly Said[]) {
      const { VITEST_TEST_PATH: file } = stray;
      if (file === undefined) homeless.push(textOf(stray));
      else failures.push({ file, what: 'outside of every test', messages: [textOf(stray)] });
    }
    const report: RunReport = { passed, skipped, failures, strays: homeless };
    writeFileSync(process.env.SLUICE_TEST_REPORT ?? '', JSON.stringify(report));
  }
}
