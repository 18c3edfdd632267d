import { dataPlaneRoute } from '@/lib/doors/next-door';
import { runtime } from '@/lib/process/web';

const limitBytes = 16 * 1024;

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = dataPlaneRoute(
  '/api/health/ready',
  limitBytes,
  runtime,
);
