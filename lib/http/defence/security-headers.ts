type Header = readonly [name: string, value: string];

/** Of what is no page: nothing in it may run, load or be framed, should a browser ever show it. */
export const closedPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** On every answer, be it of the front, of a route, or of Next by itself. */
export const everywhere: readonly Header[] = [
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'],
  ['referrer-policy', 'same-origin'],
  ['cross-origin-opener-policy', 'same-origin'],
  ['cross-origin-resource-policy', 'same-origin'],
];

/** Over https only, as its standard asks; the proxy that ends TLS says so. */
export const strictTransport: [name: string, value: string] = ['strict-transport-security', 'max-age=31536000'];

export const permissions: Header = ['permissions-policy', 'camera=(), microphone=(), geolocation=()'];
