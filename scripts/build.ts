import { buildIfStale } from './build/build-if-stale';
import { root } from './project-root';

try {
  const { built, ms } = await buildIfStale(root, (line) => console.log(line));
  console.log(built ? `built in ${(ms / 1000).toFixed(1)} s` : 'the build is up to date');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
