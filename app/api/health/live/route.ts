import { dataPlaneRoute } from '@/lib/http/next-door';
import { runtime } from '@/lib/wire';

const limitBytes = 16 * 1024;

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = dataPlaneRoute('/api/health/live', limitBytes, runtime);
