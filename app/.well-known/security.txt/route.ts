import { dataPlaneRoute } from '@/lib/doors/next-door';
import { securityTxtPath } from '@/lib/doors/sluice/security-txt';
import { runtime } from '@/lib/process/web';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = dataPlaneRoute(securityTxtPath, 1024, runtime);
