import type { Bill, Measurement } from '../../../lambda/reports/cost/bill.ts';
import { PEERS_PRICED_IN, PRICED_ON } from '../../../lambda/reports/cost/prices.ts';
import { grid } from '../layout/grid.ts';
import { counted } from '../layout/numbers.ts';
import type { Screen } from '../layout/screen.ts';
import { wrapText } from '../layout/wrap.ts';

/** The monthly bill line by line, and the price of as many checks at hosted monitors. */
export function billLines(
  measurement: Measurement,
  bill: Bill,
  assumptions: readonly string[],
  screen: Screen,
): readonly string[] {
  const { targets, vantages, every, rounds } = measurement;
  const { lines, total, freeTier, due, samples, perMillion, peers } = bill;
  const { paint } = screen;
  const basis =
    assumptions.length > 0
      ? [`Estimated from the config alone; list prices of ${PRICED_ON}.`, ...assumptions]
      : [`Measured on the last ${rounds} rounds; list prices of ${PRICED_ON}.`];
  const columns = [
    { title: 'MONTHLY ON AWS' },
    { title: 'CALCULATION', wraps: true as const },
    { title: 'DOLLARS', align: 'right' as const },
  ];
  // What is only counted has its price elsewhere.
  const rows = lines.map(({ item, calculation, dollars, unit }) =>
    [item, calculation, unit === 'message' ? '-' : amount(dollars)].map((text) => ({ text })),
  );
  const sums = [
    [
      { text: 'At list prices' },
      { text: `${millions(samples)} million samples at ${amount(perMillion)} per million` },
      { text: amount(total) },
    ],
    [
      { text: 'Free tier' },
      { text: 'per account and month; all projects of the account share it' },
      { text: `-${amount(freeTier)}` },
    ],
    [{ text: 'Amount due', paint: paint.bold }, { text: '' }, { text: amount(due), paint: paint.bold }],
  ];
  const peerRows = peers.map(({ name, perMillion: price, dollars, source }) => [
    { text: name },
    { text: `${millions(samples)} million × ${price}` },
    { text: source },
    { text: amount(dollars) },
  ]);
  const peerColumns = [
    { title: 'SAME CHECKS AT' },
    { title: 'CALCULATION' },
    { title: `LIST PRICES OF ${PEERS_PRICED_IN}`, below: true as const },
    { title: 'DOLLARS', align: 'right' as const },
  ];
  return [
    paint.bold(`${counted(targets, 'target')}, ${counted(vantages, 'vantage')}, a round every ${every / 1000} s`),
    ...basis.flatMap((text) => wrapText(text, screen.width)).map(paint.dim),
    '',
    ...grid(columns, [...rows, ...sums], screen),
    '',
    ...grid(peerColumns, peerRows, screen),
    '',
    ...notesOf(measurement)
      .flatMap((note) => wrapText(note, screen.width))
      .map(paint.dim),
  ];
}

function notesOf({ hour }: Measurement): readonly string[] {
  const left =
    'Not included: SMS, events and second opinions during failures, and the NAT gateway with its address that port 25 needs (about $37 per region).';
  if (hour !== null) return [left];
  return [left, 'No hour has been rolled up yet: the bill does not include the writes and storage of hours.'];
}

function amount(dollars: number): string {
  return dollars >= 100 ? dollars.toFixed(0) : dollars.toFixed(dollars < 0.1 ? 4 : 2);
}

function millions(samples: number): string {
  return (samples / 1e6).toFixed(2);
}
