// All tests of the rule in one file: they are collected once, and one mutant meets them all in one process.
import.meta.glob(['../../test/rollout/**/*.test.ts', '!../../test/rollout/**/*.int.test.ts'], { eager: true });
