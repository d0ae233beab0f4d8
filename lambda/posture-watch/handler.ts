/** The Lambda entry of posture. */
import { portsWith } from '../aws/environment-ports.ts';
import { logLine } from '../aws/log.ts';
import { logUnreadable } from '../aws/ports.ts';
import { homeSecrets } from '../aws/secrets.ts';
import { diagnoseLists, type PostureDiagnosis, type PostureDiagnosisRequest } from './diagnose-lists.ts';
import { internetPorts } from './internet.ts';
import type { PosturePorts } from './posture-ports.ts';
import { openPostureStore } from './posture-store.ts';
import { type PostureSummary, summaryOfPosture } from './run-report.ts';
import { type PostureDue, watchPosture } from './watch-posture.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
interface LambdaContext {
  getRemainingTimeInMillis(): number;
}

/**
 * Diagnoses for `smtp-quorum doctor`, or, each quarter of an hour, checks the domains. Throws if a domain could not be recorded,
 * so that the error metric of the function shows it.
 */
export async function handler(
  event: PostureDue | PostureDiagnosisRequest,
  context: LambdaContext,
): Promise<PostureSummary | PostureDiagnosis> {
  ports ??= openPorts();
  if ('diagnose' in event) return diagnoseLists(ports);
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
  const others = portsWith(
    (table) => openPostureStore(table, { now: Date.now, reportUnreadable: logUnreadable }),
    homeSecrets(),
  );
  return { ...others, ...internetPorts(others.config) };
}
