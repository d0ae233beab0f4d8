import type { Digest } from '../../../consensus/judgement/incident.ts';
import { countsText } from './withdrawn-alerts.ts';

/** The command that lists what has no message of its own. */
export const LISTING = 'npx smtp-quorum status';

/** `and 212 more (200 down, 12 recovered): npx smtp-quorum status`. */
export function moreLine(digest: Digest): string {
  return `and ${digest.count} more (${countsText(digest)}): ${LISTING}`;
}
