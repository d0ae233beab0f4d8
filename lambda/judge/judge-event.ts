/** The events that start the judge. */
import type { BusEvent, Ports } from '../ports.ts';

/** A vantage that was removed from the config probes until its stack is deleted. Its rounds no longer count. */
export function unknownVantageOf(
  event: unknown,
  { policy }: Pick<Ports['config'], 'policy'>,
): { vantage: string } | null {
  const { detail } = (event ?? {}) as { readonly detail?: { readonly vantage?: unknown } };
  const vantage = detail?.vantage;
  return typeof vantage === 'string' && !policy.vantages.includes(vantage) ? { vantage } : null;
}

/** Whether EventBridge Scheduler started the judge, rather than a recorded round. */
export function isScheduled(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'scheduled' in event;
}

/** Whether a vantage stored something new of the posture of a domain. The rounds of targets are not read then. */
export function isPostureRecorded(event: unknown): boolean {
  return isOfType(event, POSTURE_RECORDED);
}

/** Whether a source counted bounces. Neither targets nor domains are judged then. */
export function isBouncesRecorded(event: unknown): boolean {
  return isOfType(event, BOUNCES_RECORDED);
}

function isOfType(event: unknown, type: BusEvent['type']): boolean {
  return typeof event === 'object' && event !== null && 'detail-type' in event && event['detail-type'] === type;
}

const BOUNCES_RECORDED: BusEvent['type'] = 'Bounces Recorded';
const POSTURE_RECORDED: BusEvent['type'] = 'Posture Recorded';
