/** Counts the events of Amazon SES that a queue hands over. */
import { OTHERS } from '../bounces/counts.ts';
import type { BounceRecord, DeliveryOutcome } from '../bounces/outcome.ts';
import { readSesEvent, type SesRecord } from '../bounces/ses/event.ts';
import type { BounceRecorder, RecordedBounces } from '../history/bounces/record-bounces.ts';
import type { BusEvent } from '../ports.ts';
import type { MailProviders } from './mail-providers.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html. Each body is an event of EventBridge. */
export interface QueuedEvents {
  readonly Records: readonly { readonly body: string }[];
}

export interface BounceWatchPorts {
  readonly history: BounceRecorder;
  readonly providers: MailProviders;
  publishEvents(events: readonly BusEvent[]): Promise<void>;
}

export interface CountedEvents extends RecordedBounces {
  /** Messages of the queue that are no event of SES, or a damaged one. They are not read again. */
  readonly unreadable: number;
}

export const SES = 'ses';

/**
 * Counts a batch in few writes: one for each slot of five minutes. A batch that arrives again, whole or in part, counts once.
 * Throws if the counts could not be written, so that the queue hands over the batch again.
 */
export async function countSesEvents(ports: BounceWatchPorts, { Records }: QueuedEvents): Promise<CountedEvents> {
  const read = Records.map(({ body }) => readSesEvent(parsed(body)));
  const events = read.filter((event) => event !== null);
  const domains = events.flatMap(({ recipients }) => recipients.flatMap(({ domain }) => domain ?? []));
  const providers = await ports.providers.providersOf(domains);
  const recorded = await ports.history.record(
    SES,
    events.map((event) => recordOf(event, providers)),
  );
  if (recorded.counted > 0 && events.some(isNews))
    await ports.publishEvents([{ type: 'Bounces Recorded', detail: { source: SES } }]);
  return { ...recorded, unreadable: read.length - events.length };
}

/** The judge looks at once for these. A rate falls by itself, in the passes of the schedule. */
function isNews({ kind }: SesRecord): boolean {
  return kind === 'bounced' || kind === 'complained';
}

function recordOf(event: SesRecord, providers: ReadonlyMap<string, string>): BounceRecord {
  const { id, at, kind, from, delay, recipients } = event;
  const outcomes = recipients.map(({ domain, code, text }): DeliveryOutcome => {
    const provider = domain === null ? OTHERS : (providers.get(domain) ?? OTHERS);
    return { at, kind, from, delay, provider, code, text };
  });
  return { id, outcomes };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
