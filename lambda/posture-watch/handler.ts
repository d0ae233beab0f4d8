/** The Lambda entry of posture. */
import { Resolver } from 'node:dns/promises';
import { portsWith } from '../aws/environment-ports.ts';
import { logLine } from '../aws/log.ts';
import { logUnreadable } from '../aws/ports.ts';
import { type BoundedLookup, boundedLookup, type LookupBounds } from '../dns/records/cached-lookup-with-limits.ts';
import { recordResolverOf } from '../dns/records/record-resolver.ts';
import { policyFetch } from '../posture/policy-fetch.ts';
import type { PosturePorts } from './posture-ports.ts';
import { openPostureStore } from './posture-store.ts';
import { type PostureSummary, summaryOfPosture } from './run-report.ts';
import { type PostureDue, watchPosture } from './watch-posture.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
interface LambdaContext {
  getRemainingTimeInMillis(): number;
}

/** Started each quarter of an hour. Throws if a domain could not be recorded, so that the error metric of the function shows it. */
export async function handler(event: PostureDue, context: LambdaContext): Promise<PostureSummary> {
  ports ??= openPorts();
  const summary = summaryOfPosture(
    await watchPosture({ ...ports, timeLeft: () => context.getRemainingTimeInMillis() }, event),
  );
  logLine(ports.config.name, ports.now(), { ...summary }, {});
  if (summary.failed.length > 0) throw new Error(`not checked in this run: ${summary.failed.join(', ').slice(0, 500)}`);
  return summary;
}

let ports: Omit<PosturePorts, 'timeLeft'> | undefined;

/** Made once per container, on the first event. */
function openPorts(): Omit<PosturePorts, 'timeLeft'> {
  const others = portsWith((table) => openPostureStore(table, { now: Date.now, reportUnreadable: logUnreadable }));
  return { ...others, openLookup: systemLookup, fetchPolicy: policyFetch({ port: 443, within: 8_000 }) };
}

/** Milliseconds. A silent resolver fails a question after 3 s. */
const TIMING = { patience: 1_000, retry: 1_000, limit: 3_000 };

function systemLookup(bounds: LookupBounds): BoundedLookup {
  return boundedLookup(recordResolverOf(new Resolver().getServers(), TIMING), bounds);
}
