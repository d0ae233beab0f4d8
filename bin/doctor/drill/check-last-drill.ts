import { drillText } from '../../../lambda/alert/drill/drill-alerts.ts';
import { entriesOf } from '../../../lambda/alert/routing/entry.ts';
import { OUTSIDE_HOURS } from '../../../lambda/alert/routing/next-hours.ts';
import { fullTime } from '../../../lambda/alert/words/time-text.ts';
import { nextStart } from '../../../lambda/calendar/hours.ts';
import { lastWeeklyTime } from '../../../lambda/calendar/weekly-time.ts';
import type { Config } from '../../../lambda/config/config.ts';
import { localVantage } from '../../../lambda/config/schema/aws-regions.ts';
import type { DrillReceiver } from '../../../lambda/consensus/drill/drill.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import type { CheckContext } from '../check-context.ts';
import { type Check, type CheckResult, passed, problem } from '../check-result.ts';

/** Whether the last drill reached all whom it was for, and was acknowledged. */
export function drillChecks({ drill, home }: Pick<Config, 'drill' | 'home'>): readonly Check<CheckContext>[] {
  if (drill === undefined) return [];
  const region = home === localVantage ? null : home;
  return [{ name: 'last drill', region, run: (context) => checkLastDrill(context, drill) }];
}

async function checkLastDrill(
  { config, drill, now }: Pick<CheckContext, 'config' | 'drill' | 'now'>,
  { time }: NonNullable<Config['drill']>,
): Promise<CheckResult> {
  const record = await drill();
  if (record?.open) return passed(`open since ${fullTime(record.open.opened)}`);
  const last = record?.last ?? null;
  if (last === null) return passed('none yet');
  const shown = { ...last, receivers: last.receivers.map((receiver) => withPresentHours(receiver, config, now)) };
  const text = `${fullTime(last.opened)}: ${drillText(shown)}`;
  if (last.acknowledged === undefined || last.receivers.some(isMissed))
    return problem('warn', text, "mend what was not reached, and try it with 'npx smtp-quorum test-alert'");
  const isLate = Date.parse(last.due) < lastWeeklyTime(time, lastWeeklyTime(time, now) - 1);
  return isLate
    ? problem('warn', `${text}; later ones were not held`, 'keep the monitor running at its time')
    : passed(text);
}

function isOutsideHours({ why }: DrillReceiver): boolean {
  return why?.startsWith(OUTSIDE_HOURS) === true;
}

/** Whether its channel is to be mended. Who was outside its hours was not asked. */
function isMissed(receiver: DrillReceiver): boolean {
  return receiver.reached === null && !isOutsideHours(receiver);
}

/** When the hours of an entry that was not asked begin next. */
function withPresentHours(receiver: DrillReceiver, config: Config, now: number): DrillReceiver {
  if (!isOutsideHours(receiver)) return receiver;
  const { hours } = entriesOf(config, []).find(({ id }) => id === receiver.entry) ?? {};
  const start = hours === undefined ? null : nextStart(hours, now);
  if (start === null) return { ...receiver, why: OUTSIDE_HOURS };
  const when = start === now ? 'within them now' : `next from ${fullTime(isoSeconds(start))}`;
  return { ...receiver, why: `${OUTSIDE_HOURS}, ${when}` };
}
