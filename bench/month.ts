/**
 * A simulated month, October 2026: 300 targets at one address fall, flap and recover; summer time ends in a maintenance window;
 * a channel is dead for a day. Messages by person, and how long the first page takes, with groups and with `group: false`.
 *
 * `--tenants=NUMBER` has another number of targets at the address. Ends with 1 if somebody was not told, was told twice, or got
 * more messages in an hour than the limit.
 */
import { mostInAnHourOf, receiversOf, violationsOf } from '../test/deliver/month/month-checks.ts';
import { pageDelays, percentile } from '../test/deliver/month/page-delays.ts';
import { type Month, runMonth } from '../test/deliver/month/run-month.ts';

const TENANTS = 300;

export async function run(): Promise<void> {
  const option = process.argv.find((word) => word.startsWith('--tenants='))?.slice('--tenants='.length);
  const tenants = option === undefined ? TENANTS : Number(option);
  const grouped = await runMonth(tenants, true);
  const apart = await runMonth(tenants, false);
  const outages = grouped.outages.reduce((sum, { targets }) => sum + targets.length, 0);
  console.log(
    `${grouped.config.targets.length} targets, ${grouped.outages.length} outages of ${outages} targets; ${grouped.rounds} rounds simulated:`,
  );
  console.table(Object.fromEntries([...receiversOf(grouped).keys()].map((id) => [id, messagesOf(id, grouped, apart)])));
  console.log('Messages of each channel:');
  console.table(channelsOf(grouped, apart));
  console.log('From the failure of a server to the message, in seconds:');
  console.table(delaysOf(grouped, apart));
  const violations = [grouped, apart].flatMap((month) => violationsOf(month));
  for (const violation of violations.slice(0, 50)) console.error(violation);
  console.log(`${violations.length} violations: untold, told twice, late, above a limit, or told without cause`);
  if (violations.length > 0) process.exitCode = 1;
}

function messagesOf(id: string, grouped: Month, apart: Month) {
  const own = receiversOf(grouped).get(id);
  const other = receiversOf(apart).get(id);
  if (own === undefined || other === undefined) throw new Error(`no receiver ${id}`);
  return {
    channel: own.entry.kind,
    messages: own.messages.length,
    edits: own.edits,
    'alerts in them': own.heard.length,
    'with group: false': other.messages.length,
    'in the fullest hour': mostInAnHourOf(own),
    'of it, group: false': mostInAnHourOf(other),
    limit: own.limit,
  };
}

function channelsOf(grouped: Month, apart: Month) {
  const ids = [...new Set(grouped.messages.map(({ channel }) => channel))];
  const count = ({ messages }: Month, id: string) =>
    messages.filter(({ channel, message }) => channel === id && message.edits === undefined).length;
  return Object.fromEntries(
    ids.map((id) => [id, { messages: count(grouped, id), 'with group: false': count(apart, id) }]),
  );
}

function delaysOf(grouped: Month, apart: Month) {
  const [own, other] = [pageDelays(grouped), pageDelays(apart)];
  const rows = [
    ['first page of an outage', own.outages, other.outages],
    ['each target', own.targets, other.targets],
  ] as const;
  return Object.fromEntries(
    rows.flatMap(([name, withGroups, single]) =>
      [0.5, 0.99].map((share) => {
        const [a, b] = [percentile(withGroups, share) / 1000, percentile(single, share) / 1000];
        return [`${name}, p${share * 100}`, { groups: a, 'group: false': b, ratio: Number((a / b).toFixed(3)) }];
      }),
    ),
  );
}
