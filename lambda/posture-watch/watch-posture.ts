/** One run of posture: what the world holds of each domain, looked up and recorded. */
import { isoSeconds } from '../consensus/judgement/round-name.ts';
import type { PostureWatch } from '../history/posture/posture-watch.ts';
import { POSTURE_AREAS, type PostureArea } from '../posture/codes/code.ts';
import type { ServedHost } from '../smtp/sample/served-host.ts';
import { type ListKeys, withListKeys } from '../standards/dnsbl/list-keys.ts';
import { checkDomain, type RunParts } from './check-domain.ts';
import { DOMAIN_BOUNDS } from './domain-dns.ts';
import { domainsInOrder, type Left, leftFrom, RUN_EVERY, scopeAt } from './domain-order.ts';
import { listsOfRun, readListKeys } from './lists-of-run.ts';
import type { PosturePorts } from './posture-ports.ts';
import { runInOrder } from './run-domains.ts';
import type { CheckedDomain, PostureReport } from './run-report.ts';
import { shownByTrips } from './shown-by-trips.ts';

/** From EventBridge Scheduler. `scheduled` is the time when the run was due, not the time when it began. */
export interface PostureDue {
  readonly scheduled: string;
}

/** Milliseconds of the end of a run: the writes, and the event. */
const RESERVE = 15_000;
/** Questions under way at the same time to the resolver. */
const AT_ONCE = 4;

/**
 * Checks the domains, each as far as it is due, as long as there is time for another; the next run continues with what is left. A
 * resolver, a list or a policy host that does not answer makes findings `unable`.
 */
export async function watchPosture(ports: PosturePorts, { scheduled }: PostureDue): Promise<PostureReport> {
  const { config, vantage, history, now } = ports;
  const [began, start, at] = [now(), performance.now(), Date.parse(scheduled)];
  const [left, watch] = await Promise.all([history.readLeft(vantage), history.latestWatch(vantage)]);
  // What is left of a run of every area is a part of it: the rest of the domains is not due again.
  const scope = scopeAt(at, left === null ? lastOfAll(watch) : null);
  const due = domainsInOrder(config.posture ?? [], scope, left);
  const time = ports.timeLeft() - RESERVE;
  const questions = due.length * DOMAIN_BOUNDS.questions;
  const dns = ports.openDns({ queries: questions, atOnce: AT_ONCE, records: 200, deadline: time });
  const run: RunParts = {
    ports,
    scheduled: at,
    isRepeated: left === null && isInSlot(watch?.areas.dnsbl, at),
    keys: await readListKeys(ports),
    dns,
    served: servedOnce(ports),
    shown: shownByTrips(ports),
  };
  const domains: CheckedDomain[] = [];
  const started = await runInOrder(
    due,
    async (one) => void domains.push(await checkDomain(run, one)),
    () => ports.timeLeft() > RESERVE + DOMAIN_BOUNDS.time,
  );
  dns.close();
  const rest = leftFrom(due, started);
  if (left !== null || rest !== null) await history.writeLeft(vantage, rest);
  const report = { vantage, scheduled, domains, left: due.length - started, questions: dns.queries() };
  // A domain whose run could not be recorded was not watched, and the spans are of all domains.
  const areas = domains.some(({ kind }) => kind === 'failed') ? [] : finishedAreas(left, rest, scope);
  await note(ports, { ...run, began }, domains, areas);
  return { ...report, milliseconds: Math.round(performance.now() - start) };
}

/** Reads them when they are first asked for. Without them, records are not compared with what is served. */
function servedOnce({ config, vantage, history, log }: PosturePorts): RunParts['served'] {
  const { vantages } = config.policy;
  const probe = vantages.includes(vantage) ? vantage : (vantages[0] ?? vantage);
  let served: Promise<readonly ServedHost[] | null> | undefined;
  const read = async () => {
    try {
      const hosts = await history.servedHosts(probe, config.targets);
      return hosts.length === 0 ? null : hosts;
    } catch (error) {
      const why = (error instanceof Error ? error.message : String(error)).slice(0, 300);
      log({ level: 'warn', message: 'what the probes were served cannot be read', facts: { why } });
      return null;
    }
  };
  return () => {
    served ??= read();
    return served;
  };
}

/** When the last run began that checked every area; null if one of them never was. */
function lastOfAll(watch: PostureWatch | null): number | null {
  const times = POSTURE_AREAS.map((area) => Date.parse(watch?.areas[area] ?? ''));
  const oldest = Math.min(...times);
  return Number.isNaN(oldest) ? null : oldest;
}

/** Whether something happened in the quarter of an hour of a run. */
function isInSlot(time: string | undefined, scheduled: number): boolean {
  return time !== undefined && Math.floor(Date.parse(time) / RUN_EVERY) === Math.floor(scheduled / RUN_EVERY);
}

/** The areas that every domain was checked in, with this run or with those that it continued. */
function finishedAreas(left: Left | null, rest: Left | null, scope: Left['scope']): readonly PostureArea[] {
  if (rest !== null) return [];
  return scope === 'all' || left?.scope === 'all' ? POSTURE_AREAS : ['dnsbl'];
}

/** Notes the run, and starts the judge if an item was written. */
async function note(
  { config, vantage, history, publishEvents }: PosturePorts,
  run: { readonly began: number; readonly scheduled: number; readonly keys: ListKeys },
  checked: readonly CheckedDomain[],
  areas: readonly PostureArea[],
): Promise<void> {
  const done = checked.flatMap((one) => (one.kind === 'checked' ? [one] : []));
  if (done.length === 0) return;
  const zones = (config.posture ?? []).flatMap(({ lists }) => lists);
  const asked = withListKeys(listsOfRun(run.scheduled, zones), run.keys).map(({ shownZone }) => shownZone);
  const items = Object.fromEntries(done.map(({ domain, at }) => [domain, at]));
  await history.recordPostureWatch({ vantage, began: isoSeconds(run.began), areas, items, asked });
  const domains = done.flatMap(({ domain, isWritten }) => (isWritten ? [domain] : []));
  if (domains.length > 0) await publishEvents([{ type: 'Posture Recorded', detail: { vantage, domains } }]);
}
