#!/usr/bin/env node
import { runProgram } from '../program/run-program.mjs';

// The plan's own script, under the plan's own name; a part of the CLI, and it runs from whatever folder.
process.argv.splice(2, 0, 'update-provider-weights');
await runProgram('sluice');
