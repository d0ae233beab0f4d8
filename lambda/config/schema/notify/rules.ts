/** The schema of the rules of an entry of `notify`: when it is told, and how often. */
import { z } from 'zod';
import { alertSeverities, alertTopics } from '../selectable-alert-kinds.ts';
import { duration, text } from '../values.ts';
import { hoursSchema } from './hours.ts';

/** The most messages in an hour that a limit may name. */
const MOST_PER_HOUR = 1000;

const glob = () =>
  text(
    /^[A-Za-z0-9._*?-]{1,253}$/,
    'must be a name of letters, digits, dots, dashes and underscores, in which `*` stands for any characters and `?` for one',
  );

/** Which targets, domains and round trips an entry or a window is for. */
export const targetsShape = {
  targets: z
    .array(glob())
    .min(1, 'must name at least one target; omit it for all')
    .optional()
    .describe('Ids of targets, domains and round trips, also as patterns such as `mx*`. Default: all.'),
  tags: z
    .array(glob())
    .min(1, 'must name at least one tag; omit it for all')
    .optional()
    .describe('Tags of targets, also as patterns. With `targets`, either of them is enough. Default: all.'),
};

const limit = () =>
  text(/^[1-9]\d{0,3}\/h$/, 'must be a number of messages in an hour, such as `10/h`')
    .refine((written) => Number.parseInt(written, 10) <= MOST_PER_HOUR, `must be ${MOST_PER_HOUR}/h at most`)
    .transform((written) => Number.parseInt(written, 10));

export const ruleShape = {
  id: text(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
    'must be letters, digits, dots, dashes and underscores, 63 at most, and begin with a letter or digit',
  )
    .optional()
    .describe('Name of the entry in `who`. Default: made from its receiver.'),
  when: z
    .array(z.enum(alertTopics))
    .min(1, 'must name at least one topic; omit it for the default')
    .optional()
    .describe(
      'Which alerts to send. Default: all of them; `down`, `recovered` and `listed` by SMS and telephone; all but `changed` to PagerDuty and Jira Service Management. Who was told of an incident is told of its end.',
    ),
  severity: z
    .array(z.enum(alertSeverities))
    .min(1, 'must name at least one severity; omit it for all')
    .optional()
    .describe(
      'Severities of the alerts to send: `critical` (down, listed), `warning` (degraded, unknown, blind, posture, trip, bounces) and `info` (changed). Default: all.',
    ),
  ...targetsShape,
  hours: hoursSchema,
  after: duration()
    .optional()
    .describe(
      'Escalation: sent so long after the first alert of an incident that this entry wants, unless the incident is acknowledged or over by then. Default: at once.',
    ),
  repeat: z
    .array(duration())
    .min(1, 'must name at least one duration; omit it for none')
    .max(10, 'must name ten durations at most')
    .optional()
    .describe(
      'Reminders: sent again so long after the last time, unless the incident is acknowledged or over; the last duration repeats. Default: none.',
    ),
  group: z
    .boolean()
    .optional()
    .describe(
      'Whether alerts with one cause are one message. Default: `true`; PagerDuty and Jira Service Management always get each alert.',
    ),
  limit: limit()
    .optional()
    .describe(
      'The most messages in any hour, such as `10/h`. The last quarter is for first alerts of outages; what is above it is told as a number.',
    ),
  even: text(/^\P{Cc}{1,200}$/u, 'must be one line of 1 to 200 characters: the reason')
    .optional()
    .describe(
      'Why this entry may depend on the mail servers that are watched, such as `"read on a second provider"`: it silences the warning that nobody else is told of outages.',
    ),
};
