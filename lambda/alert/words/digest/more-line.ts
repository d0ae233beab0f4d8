import type { Digest } from '../../../consensus/judgement/incident.ts';

/** The command that lists what has no message of its own. */
export const LISTING = 'npx smtp-quorum status';

/** `and 212 more (200 down, 12 recovered): npx smtp-quorum status`. */
export function moreLine({ count, kinds }: Digest): string {
  const counts = Object.entries(kinds).map(([kind, number]) => `${number} ${kind}`);
  return `and ${count} more (${counts.join(', ')}): ${LISTING}`;
}
