import { CloudWatchClient, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import type { Caller } from './identity.ts';

/** Puts an alarm into a state by hand, as one does to see who hears of it. */
export async function setAlarm(caller: Caller, AlarmName: string, StateValue: 'ALARM' | 'OK'): Promise<void> {
  const set = new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'so says the test' });
  await new CloudWatchClient(caller).send(set);
}
