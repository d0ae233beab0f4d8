import type { Bill, Measured } from '../cost/bill.ts';
import { PRICED_ON } from '../cost/prices.ts';
import { grid } from './grid.ts';
import type { Screen } from './screen.ts';

/** The month's bill line by line, and what others ask for as many samples. */
export function billLines(measured: Measured, bill: Bill, screen: Screen): readonly string[] {
  const { targets, vantages, every, rounds } = measured;
  const { lines, total, free, samples, perMillion, peers } = bill;
  const { paint } = screen;
  const columns = [{ title: 'A MONTH ON AWS' }, { title: 'ARITHMETIC' }, { title: 'DOLLARS', align: 'right' as const }];
  const rows = lines.map(({ what, arithmetic, dollars }) =>
    [what, arithmetic, amount(dollars)].map((text) => ({ text })),
  );
  const totalRow = [
    { text: 'In all', paint: paint.bold },
    { text: `${millions(samples)} million samples at ${amount(perMillion)} a million` },
    { text: amount(total), paint: paint.bold },
  ];
  const paidRow = ['Without the free share', 'what AWS gives each account every month, for good', amount(total - free)];
  const others = peers.map(({ name, dollars, source }) => [
    { text: name },
    { text: source },
    { text: amount(dollars) },
  ]);
  const peerColumns = [
    { title: 'AS MANY CHECKS AT' },
    { title: 'SOURCE' },
    { title: 'DOLLARS', align: 'right' as const },
  ];
  return [
    paint.bold(`${targets} targets, ${vantages} vantages, a round each ${every / 1000} s`),
    paint.dim(`Measured on the last ${rounds} rounds; list prices of ${PRICED_ON}.`),
    '',
    ...grid(columns, [...rows, totalRow, paidRow.map((text) => ({ text }))], screen),
    '',
    ...grid(peerColumns, others, screen),
    '',
    paint.dim(
      'Not counted: messages to people, alarms and metrics, a NAT gateway where port 25 needs one (some $33 per region).',
    ),
    ...(measured.hourWriteUnits === null
      ? [paint.dim('No hour has been rolled up yet: its writes are not in the bill.')]
      : []),
  ];
}

function amount(dollars: number): string {
  return dollars >= 100 ? dollars.toFixed(0) : dollars.toFixed(dollars < 0.1 ? 4 : 2);
}

function millions(samples: number): string {
  return (samples / 1e6).toFixed(2);
}
