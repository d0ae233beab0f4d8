/** Events that start the judge. */
import type { Ports } from '../ports.ts';

/** A vantage that left the config goes on probing until its stack is deleted: its rounds count no more. */
export function unknownVantageOf(
  event: unknown,
  { policy }: Pick<Ports['config'], 'policy'>,
): { vantage: string } | null {
  const { detail } = (event ?? {}) as { readonly detail?: { readonly vantage?: unknown } };
  const vantage = detail?.vantage;
  return typeof vantage === 'string' && !policy.vantages.includes(vantage) ? { vantage } : null;
}

/** By EventBridge Scheduler; else a round that was recorded woke the judge. */
export function isScheduled(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'scheduled' in event;
}
