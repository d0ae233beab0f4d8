/** The Lambda entry of round trips. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { portsWith } from '../aws/environment-ports.ts';
import { logLine } from '../aws/log.ts';
import { logUnreadable } from '../aws/ports.ts';
import { homeSecrets } from '../aws/secrets.ts';
import { openTripStore } from '../history/trips/trip-store.ts';
import { openMailbox } from '../mailbox/open-mailbox.ts';
import { diagnoseMailboxes, isMailboxDiagnosis, type MailboxDiagnosis } from '../mailbox-check/diagnose-mailboxes.ts';
import { tripQuestions } from '../mailbox-check/mailbox-questions.ts';
import type { TripPorts } from './trip-ports.ts';
import { summaryOfTrips, type TripSummary } from './trip-report.ts';
import { watchTrips } from './watch-trips.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
interface LambdaContext {
  getRemainingTimeInMillis(): number;
}

/**
 * Diagnoses for `smtp-quorum doctor`, or, each minute: sends what is due here, and looks for what is under way. What it may send is decided by the table and the clock, so
 * that no other event is read. Throws if part of the run failed, so that the error metric of the function shows it.
 */
export async function handler(event: unknown, context: LambdaContext): Promise<TripSummary | MailboxDiagnosis> {
  ports ??= openPorts();
  if (isMailboxDiagnosis(event)) return diagnoseMailboxes(ports, tripQuestions(ports.config));
  const summary = summaryOfTrips(await watchTrips({ ...ports, timeLeft: () => context.getRemainingTimeInMillis() }));
  if (summary.sent.length + summary.ended.length + summary.unread.length + summary.failed.length > 0)
    logLine(ports.config.name, ports.now(), { ...summary }, {});
  if (summary.failed.length > 0) throw new Error(`not done in this run: ${summary.failed.join(', ').slice(0, 500)}`);
  return summary;
}

let ports: Omit<TripPorts, 'timeLeft'> | undefined;

/** Made once per container, on the first event. */
function openPorts(): Omit<TripPorts, 'timeLeft'> {
  const others = portsWith((table) => openTripStore(table, logUnreadable), homeSecrets());
  return {
    ...others,
    openMailbox,
    sleep: (milliseconds) => sleep(milliseconds),
    newId: () => randomBytes(12).toString('hex'),
  };
}
