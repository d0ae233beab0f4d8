import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { BusEvent } from '../ports.ts';
import { eventSource } from './environment.ts';

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const MAXIMUM_ENTRIES = 10;

/** Puts events on the bus, in order. Throws if EventBridge refuses one, because PutEvents itself then succeeds. */
export async function putEvents(client: EventBridgeClient, bus: string, events: readonly BusEvent[]): Promise<void> {
  const entries = events.map((event) => entryOf(bus, event));
  for (let at = 0; at < entries.length; at += MAXIMUM_ENTRIES) {
    const { Entries = [] } = await client.send(
      new PutEventsCommand({ Entries: entries.slice(at, at + MAXIMUM_ENTRIES) }),
    );
    const refused = Entries.find(({ ErrorCode }) => ErrorCode);
    if (refused) throw new Error(`bus ${bus} refused an event: ${refused.ErrorCode}: ${refused.ErrorMessage}`);
  }
}

function entryOf(bus: string, { type, detail }: BusEvent): PutEventsRequestEntry {
  return { EventBusName: bus, Source: eventSource, DetailType: type, Detail: JSON.stringify(detail) };
}
