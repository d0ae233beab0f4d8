/** Messages of a storm, by receiver: 300 targets at one address fall, flap and recover within two hours. */
import { byReceiver, FALL_FLAP_RECOVER, mostInAnHour, runStorm, type Storm } from '../test/deliver/storm.ts';

const TARGETS = 300;

export async function run(): Promise<void> {
  const grouped = await runStorm({ ...FALL_FLAP_RECOVER, targets: TARGETS, group: true });
  const apart = await runStorm({ ...FALL_FLAP_RECOVER, targets: TARGETS, group: false });
  const each = await runStorm({ ...FALL_FLAP_RECOVER, targets: TARGETS, group: false, limit: 1_000_000 });
  console.log(`${TARGETS} targets at one address, three vantages, a round each minute, for two hours:`);
  const rows = [...byReceiver(grouped).keys()].map((receiver) => [
    receiver.replace(/[#].*/, ''),
    rowOf(receiver, { grouped, apart, each }),
  ]);
  console.table(Object.fromEntries(rows));
}

function rowOf(receiver: string, { grouped, apart, each }: Readonly<Record<'grouped' | 'apart' | 'each', Storm>>) {
  const own = byReceiver(grouped).get(receiver) ?? [];
  const counted = (storm: Storm) =>
    (byReceiver(storm).get(receiver) ?? []).filter(({ message }) => message.edits === undefined).length;
  const first = (storm: Storm) =>
    `${((byReceiver(storm).get(receiver)?.[0]?.at ?? Number.NaN) - firstFailure(storm)) / 1000} s`;
  return {
    messages: counted(grouped),
    edits: own.length - counted(grouped),
    'in the fullest hour': mostInAnHour(own),
    'with group: false': counted(apart),
    'and without a limit': counted(each),
    'first page': first(grouped),
    'with group: false ': first(apart),
  };
}

function firstFailure({ messages, firstPage }: Storm): number {
  const [message] = messages;
  return (message?.at ?? 0) - (firstPage.get(message?.channel ?? '') ?? 0);
}
