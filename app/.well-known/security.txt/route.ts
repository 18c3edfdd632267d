import { dataPlaneRoute } from '@/lib/http/next-door';
import { securityTxtPath } from '@/lib/http/security-txt';
import { runtime } from '@/lib/wire';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = dataPlaneRoute(securityTxtPath, 1024, runtime);
