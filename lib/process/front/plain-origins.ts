/** Origins of providers that are called without TLS, as a sandbox is: they hand out images without it too. */
export function plainOrigins(lanes: Iterable<{ readonly origin: { readonly baseUrl: string } }>): readonly string[] {
  const plain = [...lanes].map(({ origin }) => origin.baseUrl).filter((url) => /^http:\/\//i.test(url));
  return [...new Set(plain.map((url) => new URL(url).origin))];
}
