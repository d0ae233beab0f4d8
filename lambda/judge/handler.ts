/** The Lambda entry of the judge. */

import { awsChannels } from '../alert/delivery/configured-channels.ts';
import { environmentNames } from '../aws/environment.ts';
import { homeTable } from '../aws/environment-ports.ts';
import { logLine } from '../aws/log.ts';
import { nowWriter } from '../aws/page/write-now.ts';
import { awsPorts, logUnreadable } from '../aws/ports.ts';
import { openDeliveries } from '../deliver/delivery-table.ts';
import { openBounceHistory } from '../history/bounces/bounce-history.ts';
import { openDrillStore } from '../history/drills/drill-store.ts';
import { openNotifications } from '../history/notifications/notification-store.ts';
import { openPostureHistory } from '../history/posture/posture-history.ts';
import { openTripStore } from '../history/trips/trip-store.ts';
import { openWindowStore } from '../history/windows/window-store.ts';
import type { JudgePorts, Ports } from '../ports.ts';
import { type DrillPass, runDrill } from './drill/run-drill.ts';
import { openHeartbeat, type SendHeartbeat } from './fetch-heartbeat-url.ts';
import { handOverTrips, type TripHandOver } from './hand-over-trips.ts';
import { type JudgeReport, judge } from './judge.ts';
import { type BounceJudgeReport, judgeBounces } from './judge-bounces.ts';
import { isBouncesRecorded, isPostureRecorded, isScheduled, isTripRecorded, unknownVantageOf } from './judge-event.ts';
import { judgePostures, type PostureJudgeReport } from './judge-postures.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
interface LambdaContext {
  getRemainingTimeInMillis(): number;
}

/**
 * Runs one pass of the judge: of the posture of domains or of bounces if an event is about that, of the targets if a round was
 * recorded, and of all by the schedule. The judge reads all its input from the table; the event only starts it. Throws if part of the pass
 * failed, so that the error metric of the function shows it.
 */
export async function handler(
  event: unknown,
  context: LambdaContext,
): Promise<JudgeReport | PostureJudgeReport | BounceJudgeReport | TripHandOver> {
  const ports = { ...(await judgePorts()), timeLeft: () => context.getRemainingTimeInMillis() };
  if (isPostureRecorded(event)) return await judgeDomains(ports, true);
  if (isBouncesRecorded(event)) return await judgeSenders(ports, true);
  if (isTripRecorded(event)) return await tellTrips(ports);
  const unknownVantage = unknownVantageOf(event, ports.config);
  if (unknownVantage !== null) ports.log({ level: 'warn', message: 'not in the config', facts: unknownVantage });
  const report = await judge(ports, !isScheduled(event));
  const { down, owedFor, ...facts } = report;
  logLine(ports.config.name, ports.now(), { level: 'info', message: 'judged', ...facts }, { down, owedAge: owedFor });
  sendHeartbeat ??= openHeartbeat(ports.config, ports.log);
  await sendHeartbeat(report, ports.now());
  if (isScheduled(event)) await judgeOthers(ports);
  refuseFailures(report);
  return report;
}

async function judgeDomains(ports: JudgePorts, fresh: boolean): Promise<PostureJudgeReport> {
  const report = await judgePostures(ports, fresh);
  return finish(ports, report.judged > 0 ? 'posture judged' : null, report);
}

async function judgeSenders(ports: JudgePorts, isEvent: boolean): Promise<BounceJudgeReport> {
  const report = await judgeBounces(ports, isEvent);
  return finish(ports, report.domains > 0 ? 'bounces judged' : null, report);
}

async function tellTrips(ports: JudgePorts): Promise<TripHandOver> {
  const report = await handOverTrips(ports);
  return finish(ports, report.told > 0 ? 'round trips told' : null, report);
}

async function holdDrill(ports: JudgePorts): Promise<DrillPass> {
  const report = await runDrill(ports);
  return finish(ports, report.told > 0 ? 'drill told' : null, report);
}

/** @param message null if the pass had nothing to do: it is not logged */
function finish<Report extends Pick<JudgeReport, 'failed'>>(
  { config, now }: JudgePorts,
  message: string | null,
  report: Report,
): Report {
  if (message !== null) logLine(config.name, now(), { level: 'info', message, ...report }, {});
  refuseFailures(report);
  return report;
}

/** A failure of one does not stop the others. */
async function judgeOthers(ports: JudgePorts): Promise<void> {
  const results = await Promise.allSettled([
    judgeDomains(ports, false),
    judgeSenders(ports, false),
    tellTrips(ports),
    holdDrill(ports),
  ]);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

function refuseFailures({ failed }: Pick<JudgeReport, 'failed'>): void {
  if (failed.length > 0) throw new Error(`not done in this pass: ${failed.join(', ')}`);
}

/** Nothing without a status page. */
function pageOf(ports: Ports): Pick<JudgePorts, 'publishNow'> {
  const bucket = process.env[environmentNames.page];
  return bucket ? { publishNow: nowWriter({ bucket, region: ports.config.home }, ports) } : {};
}

let ports: Promise<JudgePorts> | undefined;
/** Kept from one event to the next: it knows whether a failure was logged. */
let sendHeartbeat: SendHeartbeat | undefined;

/** Made once per container, on the first event. */
function judgePorts(): Promise<JudgePorts> {
  ports ??= awsPorts().then((others) => ({
    ...others,
    channels: awsChannels(others.config),
    deliveries: openDeliveries(homeTable(), { reportUnreadable: logUnreadable }),
    notifications: openNotifications(homeTable(), { reportUnreadable: logUnreadable }),
    bounces: openBounceHistory(homeTable(), { reportUnreadable: logUnreadable }),
    postures: openPostureHistory(homeTable(), { reportUnreadable: logUnreadable }),
    drills: openDrillStore(homeTable(), logUnreadable),
    trips: openTripStore(homeTable(), logUnreadable),
    windows: openWindowStore(homeTable(), logUnreadable),
    ...pageOf(others),
  }));
  return ports;
}
