import { dataPlaneRoute } from '@/lib/http/next-door';
import { runtime } from '@/lib/wire';

const limitBytes = 64 * 1024;

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = dataPlaneRoute('/api/generate', limitBytes, runtime);
