import { z } from 'zod';

export const nullableText = z.string().nullable();
export const nullableNumber = z.number().nullable();
