/** The schema of the rules of an entry of `notify`: when it is told, and how often. */
import { z } from 'zod';
import { alertTopics } from '../selectable-alert-kinds.ts';

export const ruleShape = {
  when: z
    .array(z.enum(alertTopics))
    .min(1, 'must name at least one topic; omit it for the default')
    .optional()
    .describe(
      'Which alerts to send. Default: all of them; `down`, `recovered` and `listed` by SMS and telephone; all but `changed` to PagerDuty and Jira Service Management.',
    ),
};
