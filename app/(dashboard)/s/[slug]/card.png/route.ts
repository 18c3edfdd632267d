import { nextDoor } from '@/lib/doors/next-door';
import { findEntry } from '@/lib/process/find-entry';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = nextDoor(findEntry);
