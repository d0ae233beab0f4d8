/** The Lambda entry of the status page. */

import { randomUUID } from 'node:crypto';
import { fromEnvironment } from '../aws/environment.ts';
import { homeTable, portsWith } from '../aws/environment-ports.ts';
import { logLine } from '../aws/log.ts';
import { logUnreadable } from '../aws/ports.ts';
import { pageSettings } from '../config/page/status-page.ts';
import { shortDigest } from './digest.ts';
import { openPageReader, type PageReader } from './page-reader.ts';
import { type PublicationReport, publish } from './publish.ts';
import { newsAtOf } from './publish-event.ts';
import { siteBucket } from './site-bucket.ts';
import type { SiteStore } from './site-store.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
interface LambdaContext {
  getRemainingTimeInMillis(): number;
}

/** Milliseconds after the end of this invocation in which others still wait: their clocks may differ. */
const TOLERANCE = 3_000;

/** Started by the queue of verdicts that changed, and every five minutes. What is to be written is read from the table. */
export async function handler(event: unknown, context: LambdaContext): Promise<PublicationReport> {
  open ??= openPage();
  const { config, reader, store } = open;
  const report = await publish({
    store,
    shows: shortDigest(JSON.stringify(pageSettings(config, 'aws').show)),
    read: reader.read,
    by: randomUUID(),
    now: Date.now,
    deadline: Date.now() + context.getRemainingTimeInMillis() + TOLERANCE,
    newsAt: newsAtOf(event),
  });
  logLine(config.name, Date.now(), { level: 'info', message: 'page published', ...report }, {});
  return report;
}

interface OpenPage {
  readonly config: ReturnType<typeof portsWith>['config'];
  readonly reader: PageReader;
  readonly store: SiteStore;
}

let open: OpenPage | undefined;

/** Made once per container, on the first event: rounds and days that were read are kept. */
function openPage(): OpenPage {
  const { config, now } = portsWith(() => null);
  return {
    config,
    reader: openPageReader(config, homeTable(), now, logUnreadable, fromEnvironment('pageUrl')),
    store: siteBucket(fromEnvironment('page'), fromEnvironment('home')),
  };
}
