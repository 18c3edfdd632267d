const app = /^[\w.-]+(?:\/[\w.-]+){1,2}$/;

/** A model lives in an application: two parts of its path, three in the namespaces of its own. The rest is dropped. */
export function appOf(model: string): string {
  const parts = model.split('/');
  return parts.slice(0, parts[0] === 'workflows' || parts[0] === 'comfy' ? 3 : 2).join('/');
}

export function isApp(value: unknown): value is string {
  return typeof value === 'string' && app.test(value) && !value.split('/').some((part) => /^\.+$/.test(part));
}

/** The application in the address that came back, where it leads to whom we asked; the key goes nowhere else. */
export function appIn(address: string, origin: string, prefix: string): string | null {
  const start = `${origin}${prefix}/`;
  if (!address.startsWith(start)) return null;
  const [found] = address.slice(start.length).split('/requests/');
  return isApp(found) ? found : null;
}

/** Where a result lies: with and without a last part, that which was told first. */
export function resultPaths(place: string, address: string): readonly [string, string] {
  const both = [place, `${place}/response`] as const;
  return address.endsWith('/response') ? [both[1], both[0]] : both;
}
