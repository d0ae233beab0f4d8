import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { BusEvent } from '../ports.ts';
import { putEvents } from './event-bus.ts';

export type OpinionWanted = Extract<BusEvent, { readonly type: 'Second Opinion Wanted' }>;

/** The buses of a vantage's region on which its probe listens for requests for a second opinion. */
export interface OpinionBuses {
  readonly opinions: string;
  /** The bus of the previous release, whose probe stacks may still be deployed. */
  readonly former: string;
}

/**
 * Asks each vantage on both buses of its own region. One of the two may not exist, and EventBridge does not report that:
 * it accepts such an event and drops it. `by` prevents a second start where the probe listens on both buses: its rule on
 * the former bus matches only events without `by`.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html
 * @throws Error that names the vantages that could not be asked, after all others were
 */
export function opinionAsker(
  clientOf: (region: string) => EventBridgeClient,
  { opinions, former }: OpinionBuses,
): (events: readonly OpinionWanted[]) => Promise<void> {
  return async (events) => {
    const vantages = [...new Set(events.flatMap(({ detail }) => detail.vantages))];
    const requests = vantages.flatMap((vantage) => [opinions, former].map((bus) => ({ vantage, bus })));
    const results = await Promise.allSettled(
      requests.map(({ vantage, bus }) => putEvents(clientOf(vantage), bus, eventsFor(vantage, events))),
    );
    const failed = results.flatMap((result, at) =>
      result.status === 'rejected' && !isMissing(result.reason) ? [`${requests[at]?.vantage} (${result.reason})`] : [],
    );
    if (failed.length > 0) throw new Error(`not asked for a second opinion: ${failed.join(', ')}`);
  };
}

function eventsFor(vantage: string, events: readonly OpinionWanted[]): readonly OpinionWanted[] {
  return events
    .filter(({ detail }) => detail.vantages.includes(vantage))
    .map(({ type, detail }) => ({ type, detail: { ...detail, vantages: [vantage], by: 'judge' } }));
}

/** The bus does not exist, should EventBridge report it. */
function isMissing(reason: unknown): boolean {
  return reason instanceof Error && reason.name === 'ResourceNotFoundException';
}
