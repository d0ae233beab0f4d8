/** The topics that `when` of a channel selects. Apart from the schema, so that functions need no zod. */
export const alertTopics = [
  'down',
  'recovered',
  'degraded',
  'unknown',
  'changed',
  'blind',
  'listed',
  'posture',
  'bounces',
] as const;

export type AlertTopic = (typeof alertTopics)[number];
