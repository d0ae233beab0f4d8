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
  'trip',
  'bounces',
] as const;

export type AlertTopic = (typeof alertTopics)[number];

/** The severities that `severity` of a channel selects. */
export const alertSeverities = ['critical', 'warning', 'info'] as const;
