import { runProgram } from './run-program.mjs';

// `node scripts/program/run.mjs start …`: the program sees the words that follow its name.
const [name] = process.argv.splice(2, 1);
await runProgram(name);
