/** The Lambda entry of bounce mailboxes. */

import { Resolver } from 'node:dns/promises';
import { portsWith } from '../aws/environment-ports.ts';
import { logLine } from '../aws/log.ts';
import { logUnreadable } from '../aws/ports.ts';
import { homeSecrets } from '../aws/secrets.ts';
import { openMailProviders } from '../bounce-watch/mail-providers.ts';
import { openReadMessages } from '../history/bounces/read-messages.ts';
import { openBounceRecorder } from '../history/bounces/record-bounces.ts';
import { openMailbox } from '../mailbox/open-mailbox.ts';
import { diagnoseMailboxes, isMailboxDiagnosis, type MailboxDiagnosis } from '../mailbox-check/diagnose-mailboxes.ts';
import { bounceQuestions } from '../mailbox-check/mailbox-questions.ts';
import { withTimeLimit } from '../wire/time-limit.ts';
import { type BounceMailboxesReport, readBounceMailboxes } from './read-bounce-mailboxes.ts';
import type { BounceMailboxWatchPorts } from './watch-bounce-mailbox.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
interface LambdaContext {
  getRemainingTimeInMillis(): number;
}

/** Milliseconds that are kept for the last writes. */
const RESERVE = 15_000;

/**
 * Diagnoses for `smtp-quorum doctor`, or, every five minutes, reads the mailboxes. What was read is known from the table, so that no
 * other event is read. Throws if a mailbox could not be read,
 * so that the error metric of the function shows it: the others were read all the same.
 */
export async function handler(
  event: unknown,
  context: LambdaContext,
): Promise<BounceMailboxesReport | MailboxDiagnosis> {
  ports ??= openPorts();
  const opened = ports;
  const { config } = opened;
  if (isMailboxDiagnosis(event)) return diagnoseMailboxes(opened, bounceQuestions(config));
  const time = Math.max(0, Math.floor(context.getRemainingTimeInMillis()) - RESERVE);
  const report = await withTimeLimit(time, undefined, (signal) =>
    readBounceMailboxes(opened, config.bounces?.mailboxes ?? [], signal),
  );
  const level = report.failed.length === 0 ? 'info' : 'warn';
  logLine(config.name, opened.now(), { level, message: 'bounce mailboxes read', ...report }, {});
  if (report.failed.length > 0) throw new Error(`not read: ${report.failed.join('; ').slice(0, 500)}`);
  return report;
}

let ports: ReturnType<typeof openPorts> | undefined;

/** Made once per container, on the first event. */
function openPorts(): BounceMailboxWatchPorts & Pick<ReturnType<typeof portsWith>, 'config' | 'vantage'> {
  const { history: stores, ...others } = portsWith(
    (table) => ({
      history: openBounceRecorder(table, { reportUnreadable: logUnreadable }),
      read: openReadMessages(table, Date.now, logUnreadable),
    }),
    homeSecrets(),
  );
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  const providers = openMailProviders((domain) => resolver.resolveMx(domain), Date.now);
  return { ...others, ...stores, providers, openMailbox };
}
