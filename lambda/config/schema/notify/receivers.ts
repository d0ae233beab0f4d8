/** The schema of the receivers of `notify`. */
import { z } from 'zod';
import { email, text } from '../values.ts';
import { chatShape } from './chat.ts';
import { pagerShape } from './pagers.ts';

/** One of these keys is in each entry. */
export const receiverShape = {
  email: email()
    .optional()
    .describe('E-mail address. On AWS, SNS requires one confirmation within 48 hours. On one machine it needs `smtp`.'),
  sms: text(
    /^\+[1-9]\d{6,14}$/,
    'is not a telephone number in E.164 form: a plus sign, the country code, then digits, such as `"+15555550100"`',
  )
    .optional()
    .describe('Telephone number in E.164 form, in quotes: `"+15555550100"`. On AWS only.'),
  webhook: z
    .string()
    .optional()
    .describe(
      '`https://` URL (on one machine, and for a loopback address, also `http://`) that gets each alert as JSON by POST.',
    ),
  ...chatShape,
  ...pagerShape,
};

export const receiverKeys = Object.keys(receiverShape) as readonly (keyof typeof receiverShape)[];
