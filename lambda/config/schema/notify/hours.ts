/** The schema of the hours of an entry of `notify`. */
import { z } from 'zod';

export const hoursSchema = z
  .strictObject({
    zone: z.string().describe('IANA time zone of the hours, such as `Europe/Berlin`.'),
    week: z
      .string()
      .describe('Days and times: `Mon-Fri 08:00-18:00, Sat 09:00-12:00`, over midnight `daily 22:00-06:00`.'),
  })
  .optional()
  .describe('The hours in which this entry is told. What is open when they begin is told then. Default: always.');
