import type { NextConfig } from 'next';
import createNextIntlPlugin from 'next-intl/plugin';

const config: NextConfig = {
  poweredByHeader: false,
  // These keep native pieces, sockets or one instance per process; bundling them would make a second copy.
  serverExternalPackages: ['postgres', 'undici', 'pino', 'prom-client', 'node-cron'],
};

export default createNextIntlPlugin('./app/_i18n/request.ts')(config);
