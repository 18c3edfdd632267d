#!/usr/bin/env node
import { runProgram } from '../program/run-program.mjs';

// The plan's own script, under the plan's own name; it runs from whatever folder.
await runProgram('ops/update-weights');
