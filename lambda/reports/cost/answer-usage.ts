/** What the function that takes acknowledgements costs in a month on AWS: its requests are too few to count. */
import type { Usage } from './prices.ts';

export function answerUsage(): readonly Usage[] {
  return [{ item: 'CloudWatch, answers alarms', unit: 'alarmMetric', quantity: 2, calculation: '2 alarms' }];
}
