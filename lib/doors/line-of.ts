interface Pattern {
  readonly path: string;
  readonly start: string;
  readonly end: string;
}

/**
 * Finds the path of a route by that of a request. What stands in braces is one part of a path, and at the end the rest
 * of it, slashes and all; of several that fit, the one that says most itself.
 */
export function lineFinder(paths: readonly string[]): (path: string) => string | undefined {
  const exact = new Set(paths.filter((path) => !path.includes('{')));
  const patterns = [...new Set(paths)].filter((path) => path.includes('{')).map(patternOf);
  patterns.sort((a, b) => b.start.length + b.end.length - (a.start.length + a.end.length));
  return (path) => (exact.has(path) ? path : patterns.find((pattern) => fits(pattern, path))?.path);
}

function patternOf(path: string): Pattern {
  return { path, start: path.slice(0, path.indexOf('{')), end: path.slice(path.indexOf('}') + 1) };
}

function fits({ start, end }: Pattern, path: string): boolean {
  if (path.length <= start.length + end.length || !path.startsWith(start) || !path.endsWith(end)) return false;
  return end === '' || !path.slice(start.length, path.length - end.length).includes('/');
}
