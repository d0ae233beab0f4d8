import { safeText } from '../../../lambda/alert/words/safe-text.ts';
import type { TestedSubscription, TestReport } from '../../../lambda/deliver/answer-test-request.ts';
import type { TestResult } from '../../../lambda/deliver/send-tests.ts';
import { type Cell, type GridColumn, grid } from '../layout/grid.ts';
import type { Screen } from '../layout/screen.ts';
import { wrapText } from '../layout/wrap.ts';

/** Whether every tested channel took the alert, and every subscription that the config names is confirmed. */
export function isTaken({ results, subscriptions }: TestReport): boolean {
  return results.every(({ taken }) => taken) && (subscriptions ?? []).every(isFine);
}

function isFine({ named, status }: TestedSubscription): boolean {
  return named === null || status === 'confirmed';
}

const CHANNELS: readonly GridColumn[] = [
  { title: 'CHANNEL', shrinks: true },
  { title: 'TAKEN' },
  { title: 'TIME', align: 'right' },
  { title: 'ANSWER', wraps: true },
];

const SUBSCRIPTIONS: readonly GridColumn[] = [
  { title: 'SUBSCRIPTION', shrinks: true },
  { title: 'STATE' },
  { title: 'IN THE CONFIG' },
];

/** Who took the test, then the subscriptions of the topic. @param labelOf words for the id of a channel */
export function testResultLines(
  report: TestReport,
  labelOf: (id: string) => string,
  screen: Screen,
): readonly string[] {
  const { results, subscriptions } = report;
  const tally = `${results.filter(({ taken }) => taken).length} of ${results.length} took it.`;
  return [
    ...grid(
      CHANNELS,
      results.map((result) => resultRow(result, labelOf, screen)),
      screen,
    ),
    '',
    tally,
    ...subscriptionLines(subscriptions, labelOf, screen),
  ];
}

function resultRow(
  { channel, taken, answer, milliseconds }: TestResult,
  labelOf: (id: string) => string,
  { paint }: Screen,
): readonly Cell[] {
  return [
    { text: safeText(labelOf(channel), 120) },
    { text: taken ? 'yes' : 'NO', paint: taken ? paint.green : paint.red },
    { text: `${milliseconds} ms` },
    { text: safeText(answer, 300) },
  ];
}

function subscriptionLines(
  subscriptions: TestReport['subscriptions'],
  labelOf: (id: string) => string,
  screen: Screen,
): readonly string[] {
  if (subscriptions === null) return ['', 'SNS did not list the subscriptions of the topic; see the log of deliver.'];
  if (subscriptions.length === 0) return [];
  const rows = subscriptions.map((one) => subscriptionRow(one, labelOf, screen));
  return ['', ...grid(SUBSCRIPTIONS, rows, screen), ...troubleLines(subscriptions, screen)];
}

function subscriptionRow(
  { protocol, endpoint, status, named }: TestedSubscription,
  labelOf: (id: string) => string,
  { paint }: Screen,
): readonly Cell[] {
  const label = endpoint === null ? labelOf(named ?? protocol) : `${protocol} ${endpoint}`;
  const isWrong = !isFine({ protocol, endpoint, status, named });
  return [
    { text: safeText(label, 120) },
    { text: status, ...(isWrong ? { paint: paint.red } : {}) },
    { text: named ?? 'no' },
  ];
}

function troubleLines(subscriptions: readonly TestedSubscription[], { width }: Screen): readonly string[] {
  if (subscriptions.every(isFine)) return [];
  const text =
    "Only confirmed subscriptions get alerts. 'smtp-quorum doctor' shows how to subscribe again, 'smtp-quorum confirm-subscription' confirms.";
  return ['', ...wrapText(text, width)];
}
