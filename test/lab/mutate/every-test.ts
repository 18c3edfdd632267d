// All tests of the rule in one file: they are collected once, and one mutant meets them all in one process.
import.meta.glob(['../../{split,rule,replay}/**/*.test.ts', '!../../**/*.int.test.ts'], { eager: true });
