import { dataPlaneRoute } from '@/lib/doors/next-door';
import { runtime } from '@/lib/process/web';

const limitBytes = 64 * 1024;

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = dataPlaneRoute('/api/generate', limitBytes, runtime);
