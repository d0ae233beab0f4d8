import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { BusEvent } from '../ports.ts';
import { putEvents } from './event-bus.ts';

export type OpinionWanted = Extract<BusEvent, { readonly type: 'Second Opinion Wanted' }>;

/** The buses on which a vantage hears that its opinion is wanted, in its own region. */
export interface OpinionBuses {
  readonly opinions: string;
  /** On which the release before listened; its stacks may be deployed after the judge's. */
  readonly before: string;
}

/**
 * Asks each vantage on the buses of its own region. Both are tried, since EventBridge takes an event for a bus that does
 * not exist and drops it, so that no answer tells which of them the vantage listens on. `by` keeps a vantage that
 * listens on both from looking twice: its rule on the former bus takes only events without it.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html
 * @throws Error that names the vantages that could not be asked; the others were
 */
export function opinionAsker(
  clientOf: (region: string) => EventBridgeClient,
  { opinions, before }: OpinionBuses,
): (events: readonly OpinionWanted[]) => Promise<void> {
  return async (events) => {
    const vantages = [...new Set(events.flatMap(({ detail }) => detail.vantages))];
    const asked = await Promise.allSettled(
      vantages.map(async (vantage) => {
        const own = events.filter(({ detail }) => detail.vantages.includes(vantage)).map(signed(vantage));
        await Promise.all([opinions, before].map((bus) => putEvents(clientOf(vantage), bus, own)));
      }),
    );
    const failed = asked.flatMap((each, at) =>
      each.status === 'rejected' ? [`${vantages[at]} (${String(each.reason)})`] : [],
    );
    if (failed.length > 0) throw new Error(`not asked for a second opinion: ${failed.join(', ')}`);
  };
}

function signed(vantage: string): (event: OpinionWanted) => OpinionWanted {
  return ({ type, detail }) => ({ type, detail: { ...detail, vantages: [vantage], by: 'judge' } });
}
