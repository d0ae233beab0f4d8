import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { BusEvent } from '../ports.ts';
import { eventSource } from './environment.ts';

/**
 * Of one request. Some pages of AWS say that the bytes are of one entry, others that they are of all entries together: the second
 * holds in both cases.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html
 */
const MOST = { entries: 10, bytes: 256 * 1024 } as const;

/** Puts events on the bus, in order. Throws if EventBridge refuses one, because PutEvents itself then succeeds. */
export async function putEvents(client: EventBridgeClient, bus: string, events: readonly BusEvent[]): Promise<void> {
  for (const part of requestsOf(events.map((event) => entryOf(bus, event)))) {
    const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: part }));
    const refused = Entries.find(({ ErrorCode }) => ErrorCode);
    if (refused) throw new Error(`bus ${bus} refused an event: ${refused.ErrorCode}: ${refused.ErrorMessage}`);
  }
}

/** The entries of each request. An entry that is too large alone is a request of its own, which EventBridge refuses. */
function requestsOf(entries: readonly PutEventsRequestEntry[]): readonly PutEventsRequestEntry[][] {
  const requests: PutEventsRequestEntry[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    const size = sizeOf(entry);
    if (bytes + size > MOST.bytes || requests.at(-1)?.length === MOST.entries) {
      requests.push([]);
      bytes = 0;
    }
    requests.at(-1)?.push(entry);
    bytes += size;
  }
  return requests;
}

/** As EventBridge calculates it. */
function sizeOf({ Source = '', DetailType = '', Detail = '' }: PutEventsRequestEntry): number {
  return Buffer.byteLength(Source) + Buffer.byteLength(DetailType) + Buffer.byteLength(Detail);
}

function entryOf(bus: string, { type, detail }: BusEvent): PutEventsRequestEntry {
  return { EventBusName: bus, Source: eventSource, DetailType: type, Detail: JSON.stringify(detail) };
}
