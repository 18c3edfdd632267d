#!/usr/bin/env node
import { runProgram } from '../program/run-program.mjs';

// What `npx sluice` runs, from whatever folder.
await runProgram('sluice');
