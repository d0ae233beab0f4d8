/** The schema of `maintenance`. What its times mean is read by `times/window-times.ts`. */
import { z } from 'zod';
import { targetsShape } from './notify/rules.ts';
import { duration, text } from './values.ts';

const entrySchema = z.strictObject({
  id: text(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
    'must be letters, digits, dots, dashes and underscores, 63 at most, and begin with a letter or digit',
  ).describe('Name of the window in the history, `report` and alerts.'),
  ...targetsShape,
  zone: z
    .string()
    .optional()
    .describe(
      'IANA time zone of the times, such as `Europe/Berlin`. Not needed where `from` and `until` end in `Z` or an offset.',
    ),
  weekly: z
    .string()
    .optional()
    .describe(
      'Each week: `Sun 02:00-04:00`, `Mon-Fri 22:00-06:00`, `Fri 22:00-Mon 06:00`, `daily 03:00-03:15`, several with commas. Give exactly one of `weekly`, `monthly` and `from`.',
    ),
  monthly: z
    .string()
    .optional()
    .describe('Each month: `first Sunday 02:00-04:00`, `last day 22:00-06:00`, `15 03:00-04:00`, several with commas.'),
  from: z.string().optional().describe('Once: `2026-12-01 22:00`, with `until` or `for`.'),
  until: z.string().optional().describe('The end of a window with `from`: `2026-12-02 06:00`.'),
  for: duration().optional().describe('Its length, instead of an end: `3h`, also if the clock is changed meanwhile.'),
  why: text(/^\P{Cc}{1,200}$/u, 'must be one line of 1 to 200 characters').describe(
    'The reason, for the history, `report` and alerts.',
  ),
  overrun: z
    .union([z.literal('tell'), duration()])
    .default('tell')
    .describe(
      'What fell in the window and is still down at its end: `tell` at once, or so much later, such as `15m`, if it is still down then.',
    ),
});

export const maintenanceSchema = z
  .array(entrySchema)
  .max(200, 'must name 200 windows at most')
  .optional()
  .describe('Planned work, in which targets are probed and nobody is paged.');

export type CheckedMaintenance = NonNullable<z.output<typeof maintenanceSchema>>[number];
