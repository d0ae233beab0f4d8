/** The Lambda entry of bounces. */
import { Resolver } from 'node:dns/promises';
import { portsWith } from '../aws/environment-ports.ts';
import { logLine } from '../aws/log.ts';
import { logUnreadable } from '../aws/ports.ts';
import { openBounceRecorder } from '../history/bounces/record-bounces.ts';
import { type BounceWatchPorts, type CountedEvents, countSesEvents, type QueuedEvents } from './count-ses-events.ts';
import { openMailProviders } from './mail-providers.ts';

/**
 * Started by the queue of the events of Amazon SES, with those of up to a minute. Throws if they could not be counted: the queue
 * hands them over again.
 */
export async function handler(event: QueuedEvents): Promise<CountedEvents> {
  ports ??= openPorts();
  const report = await countSesEvents(ports, event);
  logLine(ports.config.name, Date.now(), { level: 'info', message: 'bounces counted', ...report }, {});
  return report;
}

let ports: ReturnType<typeof openPorts> | undefined;

/** Made once per container, on the first event. */
function openPorts(): BounceWatchPorts & Pick<ReturnType<typeof portsWith>, 'config'> {
  const others = portsWith((table) => openBounceRecorder(table, { reportUnreadable: logUnreadable }));
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  return { ...others, providers: openMailProviders((domain) => resolver.resolveMx(domain), Date.now) };
}
