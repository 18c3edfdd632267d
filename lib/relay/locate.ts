/** Where a provider is, and where its relay is. */
interface Places {
  readonly origin: string;
  readonly pathPrefix: string;
  /** Of the split. */
  readonly prefix: string;
}

/** A redirect is not followed. One to the same provider is made to lead through us; null: to a part that is not relayed. */
export function locate(location: string, { origin, pathPrefix, prefix }: Places): string | null {
  if (location.startsWith('/') && !location.startsWith('//')) return below(location, pathPrefix, prefix);
  const url = URL.canParse(location, origin) ? new URL(location, origin) : null;
  if (url === null) return null;
  const isAbsolute = URL.canParse(location) || location.startsWith('//');
  if (!isAbsolute || url.origin !== origin) return location;
  return below(url.pathname + url.search + url.hash, pathPrefix, prefix);
}

function below(path: string, pathPrefix: string, prefix: string): string | null {
  if (pathPrefix === '') return prefix + path;
  if (path === pathPrefix || path.startsWith(`${pathPrefix}/`) || path.startsWith(`${pathPrefix}?`)) {
    return prefix + path.slice(pathPrefix.length);
  }
  return null;
}
