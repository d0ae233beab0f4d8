/** The schema of an entry of `notify`. */
import { z } from 'zod';
import { receiverShape } from './receivers.ts';
import { ruleShape } from './rules.ts';

export const notifySchema = z.strictObject({ ...receiverShape, ...ruleShape });

export type CheckedNotify = z.output<typeof notifySchema>;
