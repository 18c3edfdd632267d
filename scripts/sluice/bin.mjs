#!/usr/bin/env node
import { runTypeScript } from '../run-typescript.mjs';

// What `npx sluice` runs, from whatever folder.
await runTypeScript(new URL('../sluice.ts', import.meta.url));
