import type { NextConfig } from 'next';
import createNextIntlPlugin from 'next-intl/plugin';

const config: NextConfig = {
  poweredByHeader: false,
  // These keep native pieces, sockets or one instance per process; bundling them would make a second copy.
  serverExternalPackages: ['postgres', 'undici', 'pino', 'prom-client', 'node-cron'],
  // Types are a check of their own (npm run typecheck, and in npm test): a first start need not wait for them.
  typescript: { ignoreBuildErrors: true },
  experimental: { optimizePackageImports: ['radix-ui', 'recharts'] },
  // The front adds the content policy with its nonce; these hold under a plain `next start` too.
  headers: async () => [
    {
      source: '/:path*',
      headers: [
        { key: 'x-content-type-options', value: 'nosniff' },
        { key: 'x-frame-options', value: 'DENY' },
        { key: 'referrer-policy', value: 'same-origin' },
        { key: 'permissions-policy', value: 'camera=(), microphone=(), geolocation=()' },
      ],
    },
  ],
};

export default createNextIntlPlugin('./app/_i18n/request.ts')(config);
