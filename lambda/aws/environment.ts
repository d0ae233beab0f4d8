/**
 * Names of the environment variables through which the constructs tell the handlers where they are. Both read this
 * table, so that a name cannot be changed on one side only.
 */
export const environmentNames = {
  /** Where this function runs: the vantage of a probe, the home region of the judge. */
  vantage: 'SMTP_QUORUM_VANTAGE',
  /** Region of the table, the topic, the bus and the secrets. */
  home: 'SMTP_QUORUM_HOME',
  table: 'SMTP_QUORUM_TABLE',
  /** ARN of the topic of alerts. */
  topic: 'SMTP_QUORUM_TOPIC_ARN',
  bus: 'SMTP_QUORUM_BUS',
  /** For the judge: name of the bus in the region of each vantage for requests for its second opinion. */
  opinions: 'SMTP_QUORUM_OPINIONS_BUS',
  /** Config as JSON: a path beside the handler's module. */
  config: 'SMTP_QUORUM_CONFIG',
  /** Name of the bucket of the status page. Absent if there is none. */
  page: 'SMTP_QUORUM_PAGE_BUCKET',
  /** Where readers find the status page, with a slash at its end. */
  pageUrl: 'SMTP_QUORUM_PAGE_URL',
  /** By which way a probe leaves AWS: `default`, `vpc` or `existingVpc`. */
  egress: 'SMTP_QUORUM_EGRESS',
  /** The address by which a probe leaves AWS. Absent if the stack does not know it. */
  address: 'SMTP_QUORUM_EGRESS_ADDRESS',
  /** The version of this package that was deployed. */
  release: 'SMTP_QUORUM_RELEASE',
} as const;

export type EnvironmentKey = keyof typeof environmentNames;

/** @throws Error that names the variable that is missing */
export function fromEnvironment(key: EnvironmentKey): string {
  const value = process.env[environmentNames[key]];
  if (!value)
    throw new Error(
      `environment variable ${environmentNames[key]} is not set: was this function deployed by smtp-quorum?`,
    );
  return value;
}

/** What a function is given of it: only what it asked for. */
export function toEnvironment(values: Partial<Record<EnvironmentKey, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [environmentNames[key as EnvironmentKey], value]),
  );
}

/** `source` of every event of this project: in what is put, in rules and in conditions of policies. */
export const eventSource = 'smtp-quorum';
