import type { NextConfig } from 'next';
import createNextIntlPlugin from 'next-intl/plugin';
import { closedPolicy, everywhere, permissions, strictTransport } from '@/lib/http/defence/security-headers';

const asNext = ([key, value]: readonly [string, string]) => ({ key, value });
const csp = (value: string) => [{ key: 'content-security-policy', value }];

const config: NextConfig = {
  poweredByHeader: false,
  // These keep native pieces, sockets or one instance per process; bundling them would make a second copy.
  serverExternalPackages: ['postgres', 'undici', 'pino', 'prom-client', 'node-cron'],
  // Types are a check of their own (npm run typecheck, and in npm test): a first start need not wait for them.
  typescript: { ignoreBuildErrors: true },
  experimental: {
    optimizePackageImports: ['radix-ui'],
    // All pages loaded in one go are most of a second in which this process answers no request and hears no signal, and
    // many times that on a busy machine. Each is loaded by its first visitor.
    preloadEntriesOnStart: false,
  },
  // Next's own errors carry these as well, and a plain `next start` has nobody else to add them.
  headers: async () => [
    { source: '/:path*', headers: [...everywhere, permissions].map(asNext) },
    {
      source: '/:path*',
      has: [{ type: 'header', key: 'x-forwarded-proto', value: 'https' }],
      headers: [asNext(strictTransport)],
    },
    // A page's own policy needs a nonce, which the front gives; without the front this much holds.
    {
      source: '/:path*',
      missing: [{ type: 'header', key: 'x-nonce' }],
      headers: csp("object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"),
    },
    ...['/api/:path*', '/v1/:path*', '/metrics', '/images/:path*', '/_next/:path*'].map((source) => ({
      source,
      headers: csp(closedPolicy),
    })),
  ],
  // There are no Server Actions: Next must not look for one, nor log what a stranger calls it.
  rewrites: async () => ({
    beforeFiles: [
      { source: '/:path*', has: [{ type: 'header', key: 'next-action' }], destination: '/api/no-server-actions' },
      {
        source: '/((?!api/|v1/).*)',
        has: [{ type: 'header', key: 'content-type', value: 'multipart/form-data.*' }],
        destination: '/api/no-server-actions',
      },
    ],
    afterFiles: [],
    // A program that asks for what is not there is told so in words, and of a relay, that the front alone serves it.
    // The front marks the pages that it passes on, and there a page's own 404 stays.
    fallback: [
      {
        source: '/((?!_next/).*)',
        missing: [
          { type: 'header', key: 'x-nonce' },
          { type: 'header', key: 'rsc' },
          { type: 'header', key: 'accept', value: '.*text/html.*' },
        ],
        destination: '/api/not-there',
      },
    ],
  }),
};

export default createNextIntlPlugin('./app/_i18n/request.ts')(config);
