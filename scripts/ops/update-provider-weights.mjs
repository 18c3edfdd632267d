#!/usr/bin/env node
import { runTypeScript } from '../run-typescript.mjs';

// The plan's own script, under the plan's own name; it runs from whatever folder.
await runTypeScript(new URL('./update-weights.ts', import.meta.url));
