import { drillText } from '../../../lambda/alert/drill/drill-alerts.ts';
import { fullTime } from '../../../lambda/alert/words/time-text.ts';
import { lastWeeklyTime } from '../../../lambda/calendar/weekly-time.ts';
import type { Config } from '../../../lambda/config/config.ts';
import { localVantage } from '../../../lambda/config/schema/aws-regions.ts';
import type { CheckContext } from '../check-context.ts';
import { type Check, type CheckResult, passed, problem } from '../check-result.ts';

/** Whether the last drill reached all whom it was for, and was acknowledged. */
export function drillChecks({ drill, home }: Pick<Config, 'drill' | 'home'>): readonly Check<CheckContext>[] {
  if (drill === undefined) return [];
  const region = home === localVantage ? null : home;
  return [{ name: 'last drill', region, run: (context) => checkLastDrill(context, drill) }];
}

async function checkLastDrill(
  { drill, now }: Pick<CheckContext, 'drill' | 'now'>,
  { time }: NonNullable<Config['drill']>,
): Promise<CheckResult> {
  const record = await drill();
  if (record?.open) return passed(`open since ${fullTime(record.open.opened)}`);
  const last = record?.last ?? null;
  if (last === null) return passed('none yet');
  const text = `${fullTime(last.opened)}: ${drillText(last)}`;
  if (last.acknowledged === undefined || last.receivers.some(({ reached }) => reached === null))
    return problem('warn', text, "mend what was not reached, and try it with 'npx smtp-quorum test-alert'");
  const isMissed = Date.parse(last.due) < lastWeeklyTime(time, lastWeeklyTime(time, now) - 1);
  return isMissed
    ? problem('warn', `${text}; later ones were not held`, 'keep the monitor running at its time')
    : passed(text);
}
