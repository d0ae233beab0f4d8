/** The schema of an entry of `notify`. */
import { z } from 'zod';
import { signatureShape } from './pagers.ts';
import { receiverShape } from './receivers.ts';
import { ruleShape } from './rules.ts';

export const notifySchema = z.strictObject({ ...receiverShape, ...signatureShape, ...ruleShape });

export type CheckedNotify = z.output<typeof notifySchema>;
