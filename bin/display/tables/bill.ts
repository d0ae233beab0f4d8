import type { Bill, Measurement } from '../../../lambda/reports/cost/bill.ts';
import { PEERS_PRICED_IN, PRICED_ON } from '../../../lambda/reports/cost/prices.ts';
import { grid } from '../layout/grid.ts';
import type { Screen } from '../layout/screen.ts';

/** The month's bill line by line, and what others ask for as many samples. */
export function billLines(measured: Measurement, bill: Bill, screen: Screen): readonly string[] {
  const { targets, vantages, every, rounds } = measured;
  const { lines, total, free, toPay, samples, perMillion, peers } = bill;
  const { paint } = screen;
  const columns = [{ title: 'A MONTH ON AWS' }, { title: 'ARITHMETIC' }, { title: 'DOLLARS', align: 'right' as const }];
  const rows = lines.map(({ what, arithmetic, dollars }) =>
    [what, arithmetic, amount(dollars)].map((text) => ({ text })),
  );
  const sums = [
    [
      { text: 'At list prices' },
      { text: `${millions(samples)} million samples at ${amount(perMillion)} a million` },
      { text: amount(total) },
    ],
    [
      { text: 'Given by AWS' },
      { text: 'to every account each month, for good; other projects share it' },
      { text: `-${amount(free)}` },
    ],
    [{ text: 'To pay', paint: paint.bold }, { text: '' }, { text: amount(toPay), paint: paint.bold }],
  ];
  const others = peers.map(({ name, perMillion: asked, dollars, source }) => [
    { text: name },
    { text: `${millions(samples)} million × ${asked}` },
    { text: source },
    { text: amount(dollars) },
  ]);
  const peerColumns = [
    { title: 'AS MANY CHECKS AT' },
    { title: 'ARITHMETIC' },
    { title: `LIST PRICES OF ${PEERS_PRICED_IN}` },
    { title: 'DOLLARS', align: 'right' as const },
  ];
  return [
    paint.bold(`${counted(targets, 'target')}, ${counted(vantages, 'vantage')}, a round each ${every / 1000} s`),
    paint.dim(`Measured on the last ${rounds} rounds; list prices of ${PRICED_ON}.`),
    '',
    ...grid(columns, [...rows, ...sums], screen),
    '',
    ...grid(peerColumns, others, screen),
    '',
    paint.dim(
      'Not counted: messages to people, events and second opinions while something fails, and where port 25 needs it a NAT gateway with its address (some $37 per region).',
    ),
    ...(measured.hour === null
      ? [paint.dim('No hour has been rolled up yet: its writes and its keep are not in the bill.')]
      : []),
  ];
}

function amount(dollars: number): string {
  return dollars >= 100 ? dollars.toFixed(0) : dollars.toFixed(dollars < 0.1 ? 4 : 2);
}

function millions(samples: number): string {
  return (samples / 1e6).toFixed(2);
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
